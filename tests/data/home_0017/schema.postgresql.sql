CREATE TABLE public.action_changes (
    id integer NOT NULL,
    action character varying(24) NOT NULL,
    at timestamp with time zone NOT NULL,
    by character varying(60) NOT NULL,
    what character varying(20) NOT NULL,
    note text NOT NULL
);
CREATE SEQUENCE public.action_changes_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.action_changes_id_seq OWNED BY public.action_changes.id;
CREATE TABLE public.action_mentions (
    action character varying(24) NOT NULL,
    meeting character varying(24) NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.actions (
    id character varying(24) NOT NULL,
    meeting character varying(24),
    first_meeting character varying(24),
    raised date NOT NULL,
    body text NOT NULL,
    school text,
    about text NOT NULL,
    task text NOT NULL,
    owners text NOT NULL,
    due text NOT NULL,
    state character varying(10) NOT NULL,
    quote text NOT NULL,
    page integer,
    item text NOT NULL,
    heading text NOT NULL,
    audience text NOT NULL,
    part_b boolean NOT NULL,
    snoozed_until date,
    reason text NOT NULL,
    created timestamp with time zone NOT NULL,
    changed timestamp with time zone NOT NULL
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.answers (
    id character varying(24) NOT NULL,
    event character varying(160) NOT NULL,
    asker character varying(40) NOT NULL,
    channel character varying(40) NOT NULL,
    thread character varying(40),
    question text NOT NULL,
    alone boolean NOT NULL,
    answer text NOT NULL,
    reader text NOT NULL,
    created timestamp with time zone NOT NULL,
    message character varying(40),
    edited character varying(40)
);
CREATE TABLE public.audit (
    id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    person character varying(60) NOT NULL,
    what character varying(20) NOT NULL,
    place character varying(40) NOT NULL,
    documents text NOT NULL
);
CREATE SEQUENCE public.audit_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.audit_id_seq OWNED BY public.audit.id;
CREATE TABLE public.channels (
    name character varying(80) NOT NULL,
    id character varying(40) NOT NULL
);
CREATE TABLE public.decisions (
    id character varying(24) NOT NULL,
    meeting character varying(24) NOT NULL,
    ordinal integer NOT NULL,
    text text NOT NULL,
    quote text NOT NULL,
    page integer,
    item text NOT NULL,
    heading text NOT NULL,
    audience text NOT NULL,
    part_b boolean NOT NULL,
    benefit text NOT NULL
);
CREATE TABLE public.digest_settings (
    channel character varying(80) NOT NULL,
    since timestamp with time zone NOT NULL,
    paused boolean NOT NULL,
    items text,
    day character varying(10),
    at time without time zone,
    by character varying(60)
);
CREATE TABLE public.digests (
    key character varying(120) NOT NULL,
    channel character varying(80) NOT NULL,
    until timestamp with time zone NOT NULL,
    began timestamp with time zone NOT NULL,
    posted timestamp with time zone,
    value text
);
CREATE TABLE public.documents (
    id character varying(64) NOT NULL,
    source text NOT NULL,
    file_name text NOT NULL,
    title text NOT NULL,
    kind character varying(20) NOT NULL,
    audience text NOT NULL,
    family text NOT NULL,
    school character varying(60),
    body character varying(60),
    version text,
    date date,
    review date,
    status character varying(20) NOT NULL,
    in_force boolean NOT NULL,
    pages integer,
    unit character varying(10),
    ocr boolean NOT NULL,
    url text,
    digest character varying(64) NOT NULL,
    size bigint,
    modified double precision,
    generation bigint NOT NULL,
    revised bigint NOT NULL,
    encoder text NOT NULL,
    passages integer NOT NULL,
    masked integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.feedback (
    answer_id character varying(24) NOT NULL,
    person character varying(40) NOT NULL,
    verdict character varying(10) NOT NULL,
    missing text,
    given timestamp with time zone NOT NULL
);
CREATE TABLE public.holds (
    id character varying(12) NOT NULL,
    kind character varying(10) NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL,
    placed timestamp with time zone NOT NULL,
    lifted timestamp with time zone
);
CREATE TABLE public.inbox (
    id character varying(160) NOT NULL,
    kind character varying(40) NOT NULL,
    payload text,
    received timestamp with time zone NOT NULL,
    done timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    set_aside boolean DEFAULT false NOT NULL
);
CREATE TABLE public.library_indexes (
    name character varying(64) NOT NULL,
    applied bigint NOT NULL,
    apart text NOT NULL,
    rebuilds integer NOT NULL,
    holder character varying(64),
    until double precision NOT NULL
);
CREATE TABLE public.library_reading (
    process character varying(120) NOT NULL,
    "left" integer,
    beat double precision NOT NULL
);
CREATE TABLE public.library_state (
    id integer NOT NULL,
    library_id character varying(32) NOT NULL,
    generation bigint NOT NULL,
    rebuilds integer NOT NULL
);
CREATE TABLE public.meeting_drafts (
    id character varying(24) NOT NULL,
    digest character varying(64) NOT NULL,
    body text,
    day date,
    meeting character varying(24),
    revision integer NOT NULL,
    value text NOT NULL,
    created timestamp with time zone NOT NULL
);
CREATE TABLE public.meeting_matters (
    body text NOT NULL,
    ref character varying(160) NOT NULL,
    text text NOT NULL,
    note text NOT NULL,
    audience text NOT NULL,
    raised date NOT NULL,
    by character varying(60) NOT NULL
);
CREATE TABLE public.meeting_notes (
    digest character varying(64) NOT NULL,
    reading text NOT NULL,
    received timestamp with time zone NOT NULL
);
CREATE TABLE public.meetings (
    id character varying(24) NOT NULL,
    body text NOT NULL,
    school text,
    day date NOT NULL,
    digest character varying(64) NOT NULL,
    value text NOT NULL,
    items text NOT NULL,
    confirmed timestamp with time zone NOT NULL
);
CREATE TABLE public.model_calls (
    id character varying(32) NOT NULL,
    at timestamp with time zone NOT NULL,
    model character varying(120) NOT NULL,
    prompt character varying(40) NOT NULL,
    ended character varying(20) NOT NULL,
    tokens_in integer NOT NULL,
    tokens_out integer NOT NULL,
    seconds double precision NOT NULL,
    cost double precision
);
CREATE TABLE public.notices (
    subject character varying(120) NOT NULL,
    state character varying(100) NOT NULL,
    count integer NOT NULL,
    told boolean NOT NULL
);
CREATE TABLE public.passages (
    id character varying(80) NOT NULL,
    document_id character varying(64) NOT NULL,
    ordinal integer NOT NULL,
    text text NOT NULL,
    heading text NOT NULL,
    page integer,
    header text NOT NULL,
    vector bytea NOT NULL,
    sentences bytea NOT NULL,
    terms bytea NOT NULL
);
CREATE TABLE public.posts (
    key character varying(200) NOT NULL,
    channel character varying(40) NOT NULL,
    thread character varying(40),
    began double precision NOT NULL,
    ts character varying(40)
);
CREATE TABLE public.pulse_answers (
    key character varying(32) NOT NULL,
    wave character varying(60) NOT NULL,
    sealed bytea NOT NULL
);
CREATE TABLE public.pulse_collaborations (
    id character varying(60) NOT NULL,
    name text NOT NULL,
    schools json NOT NULL,
    outcome text NOT NULL,
    lead character varying(60) NOT NULL,
    start date NOT NULL,
    "end" date NOT NULL,
    partners json NOT NULL,
    checklist json DEFAULT '[]'::json NOT NULL
);
CREATE TABLE public.pulse_comments (
    key character varying(32) NOT NULL,
    wave character varying(60) NOT NULL,
    sealed bytea NOT NULL
);
CREATE TABLE public.pulse_panels (
    collaboration character varying(60) NOT NULL,
    version integer NOT NULL,
    person character varying(60) NOT NULL,
    year integer NOT NULL,
    slices json NOT NULL
);
CREATE TABLE public.pulse_participation (
    wave character varying(60) NOT NULL,
    person character varying(60) NOT NULL,
    slices json NOT NULL,
    state character varying(10) NOT NULL
);
CREATE TABLE public.pulse_plans (
    id character varying(40) NOT NULL,
    collaboration character varying(60) NOT NULL,
    asked json NOT NULL,
    first date NOT NULL,
    days integer NOT NULL,
    recurring boolean NOT NULL,
    own json NOT NULL,
    channel character varying(40) NOT NULL,
    by character varying(60) NOT NULL,
    stopped boolean NOT NULL
);
CREATE TABLE public.pulse_publications (
    wave character varying(60) NOT NULL,
    publication text NOT NULL
);
CREATE TABLE public.pulse_seals (
    wave character varying(60) NOT NULL,
    public bytea NOT NULL,
    issuing bytea NOT NULL,
    opening character varying(40) NOT NULL,
    asking character varying(40),
    turn integer NOT NULL,
    spent boolean NOT NULL
);
CREATE TABLE public.pulse_waiting (
    key character varying(32) NOT NULL,
    wave character varying(60) NOT NULL,
    sealed bytea NOT NULL
);
CREATE TABLE public.pulse_waves (
    id character varying(60) NOT NULL,
    collaboration character varying(60) NOT NULL,
    opens date NOT NULL,
    closes date NOT NULL,
    statements text NOT NULL,
    state character varying(10) NOT NULL,
    plan character varying(40) DEFAULT ''::character varying NOT NULL,
    panel integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.purges (
    id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    generation bigint NOT NULL,
    removed text NOT NULL
);
CREATE SEQUENCE public.purges_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.purges_id_seq OWNED BY public.purges.id;
CREATE TABLE public.refused_files (
    id character varying(64) NOT NULL,
    source text NOT NULL,
    digest character varying(64) NOT NULL,
    reader character varying(64) NOT NULL,
    reason text NOT NULL,
    size bigint NOT NULL,
    modified double precision NOT NULL
);
CREATE TABLE public.reminder_lines (
    person character varying(60) NOT NULL,
    day date NOT NULL,
    subject character varying(120) NOT NULL,
    kind character varying(10) NOT NULL
);
CREATE TABLE public.reminders (
    person character varying(60) NOT NULL,
    day date NOT NULL,
    planned timestamp with time zone NOT NULL,
    after_holiday boolean NOT NULL,
    sent timestamp with time zone
);
CREATE TABLE public.returns (
    meeting character varying(24) NOT NULL,
    school text NOT NULL,
    items text NOT NULL,
    audience text NOT NULL,
    sent timestamp with time zone NOT NULL,
    sent_by character varying(60) NOT NULL
);
CREATE TABLE public.scanned_pages (
    document_id character varying(64) NOT NULL,
    page integer NOT NULL,
    source text NOT NULL,
    digest character varying(64) NOT NULL,
    words text NOT NULL
);
CREATE TABLE public.standard_answers (
    id character varying(24) NOT NULL,
    audience text NOT NULL,
    review date NOT NULL,
    retired timestamp with time zone,
    revision integer NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.streams (
    key character varying(200) NOT NULL,
    channel character varying(40) NOT NULL,
    thread character varying(40) NOT NULL,
    began double precision NOT NULL,
    ts character varying(40)
);
CREATE TABLE public.trust_folders (
    folder text NOT NULL
);
CREATE TABLE public.trust_versions (
    number integer NOT NULL,
    digest character varying(64) NOT NULL,
    text text,
    accepted timestamp with time zone NOT NULL,
    place text NOT NULL
);
ALTER TABLE ONLY public.action_changes ALTER COLUMN id SET DEFAULT nextval('public.action_changes_id_seq'::regclass);
ALTER TABLE ONLY public.audit ALTER COLUMN id SET DEFAULT nextval('public.audit_id_seq'::regclass);
ALTER TABLE ONLY public.purges ALTER COLUMN id SET DEFAULT nextval('public.purges_id_seq'::regclass);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.action_changes
    ADD CONSTRAINT pk_action_changes PRIMARY KEY (id);
ALTER TABLE ONLY public.action_mentions
    ADD CONSTRAINT pk_action_mentions PRIMARY KEY (action, meeting);
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT pk_actions PRIMARY KEY (id);
ALTER TABLE ONLY public.answers
    ADD CONSTRAINT pk_answers PRIMARY KEY (id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT pk_audit PRIMARY KEY (id);
ALTER TABLE ONLY public.channels
    ADD CONSTRAINT pk_channels PRIMARY KEY (name);
ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT pk_decisions PRIMARY KEY (id);
ALTER TABLE ONLY public.digest_settings
    ADD CONSTRAINT pk_digest_settings PRIMARY KEY (channel);
ALTER TABLE ONLY public.digests
    ADD CONSTRAINT pk_digests PRIMARY KEY (key);
ALTER TABLE ONLY public.documents
    ADD CONSTRAINT pk_documents PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT pk_feedback PRIMARY KEY (answer_id, person);
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT pk_holds PRIMARY KEY (id);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (id);
ALTER TABLE ONLY public.library_indexes
    ADD CONSTRAINT pk_library_indexes PRIMARY KEY (name);
ALTER TABLE ONLY public.library_reading
    ADD CONSTRAINT pk_library_reading PRIMARY KEY (process);
ALTER TABLE ONLY public.library_state
    ADD CONSTRAINT pk_library_state PRIMARY KEY (id);
ALTER TABLE ONLY public.meeting_drafts
    ADD CONSTRAINT pk_meeting_drafts PRIMARY KEY (id);
ALTER TABLE ONLY public.meeting_matters
    ADD CONSTRAINT pk_meeting_matters PRIMARY KEY (body, ref);
ALTER TABLE ONLY public.meeting_notes
    ADD CONSTRAINT pk_meeting_notes PRIMARY KEY (digest);
ALTER TABLE ONLY public.meetings
    ADD CONSTRAINT pk_meetings PRIMARY KEY (id);
ALTER TABLE ONLY public.model_calls
    ADD CONSTRAINT pk_model_calls PRIMARY KEY (id);
ALTER TABLE ONLY public.notices
    ADD CONSTRAINT pk_notices PRIMARY KEY (subject);
ALTER TABLE ONLY public.passages
    ADD CONSTRAINT pk_passages PRIMARY KEY (id);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT pk_posts PRIMARY KEY (key);
ALTER TABLE ONLY public.pulse_answers
    ADD CONSTRAINT pk_pulse_answers PRIMARY KEY (key);
ALTER TABLE ONLY public.pulse_collaborations
    ADD CONSTRAINT pk_pulse_collaborations PRIMARY KEY (id);
ALTER TABLE ONLY public.pulse_comments
    ADD CONSTRAINT pk_pulse_comments PRIMARY KEY (key);
ALTER TABLE ONLY public.pulse_panels
    ADD CONSTRAINT pk_pulse_panels PRIMARY KEY (collaboration, version, person);
ALTER TABLE ONLY public.pulse_participation
    ADD CONSTRAINT pk_pulse_participation PRIMARY KEY (wave, person);
ALTER TABLE ONLY public.pulse_plans
    ADD CONSTRAINT pk_pulse_plans PRIMARY KEY (id);
ALTER TABLE ONLY public.pulse_publications
    ADD CONSTRAINT pk_pulse_publications PRIMARY KEY (wave);
ALTER TABLE ONLY public.pulse_seals
    ADD CONSTRAINT pk_pulse_seals PRIMARY KEY (wave);
ALTER TABLE ONLY public.pulse_waiting
    ADD CONSTRAINT pk_pulse_waiting PRIMARY KEY (key);
ALTER TABLE ONLY public.pulse_waves
    ADD CONSTRAINT pk_pulse_waves PRIMARY KEY (id);
ALTER TABLE ONLY public.purges
    ADD CONSTRAINT pk_purges PRIMARY KEY (id);
ALTER TABLE ONLY public.refused_files
    ADD CONSTRAINT pk_refused_files PRIMARY KEY (id);
ALTER TABLE ONLY public.reminder_lines
    ADD CONSTRAINT pk_reminder_lines PRIMARY KEY (person, day, subject, kind);
ALTER TABLE ONLY public.reminders
    ADD CONSTRAINT pk_reminders PRIMARY KEY (person, day);
ALTER TABLE ONLY public.returns
    ADD CONSTRAINT pk_returns PRIMARY KEY (meeting);
ALTER TABLE ONLY public.scanned_pages
    ADD CONSTRAINT pk_scanned_pages PRIMARY KEY (document_id, page);
ALTER TABLE ONLY public.standard_answers
    ADD CONSTRAINT pk_standard_answers PRIMARY KEY (id);
ALTER TABLE ONLY public.streams
    ADD CONSTRAINT pk_streams PRIMARY KEY (key);
ALTER TABLE ONLY public.trust_folders
    ADD CONSTRAINT pk_trust_folders PRIMARY KEY (folder);
ALTER TABLE ONLY public.trust_versions
    ADD CONSTRAINT pk_trust_versions PRIMARY KEY (number);
ALTER TABLE ONLY public.documents
    ADD CONSTRAINT uq_documents_generation UNIQUE (generation);
ALTER TABLE ONLY public.documents
    ADD CONSTRAINT uq_documents_source UNIQUE (source);
CREATE INDEX ix_action_changes_action ON public.action_changes USING btree (action);
CREATE INDEX ix_action_changes_what_at ON public.action_changes USING btree (what, at);
CREATE INDEX ix_action_mentions_meeting ON public.action_mentions USING btree (meeting);
CREATE INDEX ix_actions_body ON public.actions USING btree (body);
CREATE INDEX ix_actions_created ON public.actions USING btree (created);
CREATE INDEX ix_actions_meeting ON public.actions USING btree (meeting);
CREATE INDEX ix_actions_school ON public.actions USING btree (school);
CREATE INDEX ix_actions_state ON public.actions USING btree (state);
CREATE INDEX ix_answers_asker ON public.answers USING btree (asker);
CREATE INDEX ix_answers_created ON public.answers USING btree (created);
CREATE INDEX ix_answers_thread ON public.answers USING btree (channel, thread);
CREATE INDEX ix_audit_at ON public.audit USING btree (at);
CREATE INDEX ix_audit_person ON public.audit USING btree (person);
CREATE INDEX ix_decisions_meeting ON public.decisions USING btree (meeting);
CREATE INDEX ix_digests_channel_until ON public.digests USING btree (channel, until);
CREATE INDEX ix_documents_audience ON public.documents USING btree (audience);
CREATE INDEX ix_documents_family ON public.documents USING btree (family);
CREATE INDEX ix_documents_revised ON public.documents USING btree (revised);
CREATE INDEX ix_inbox_done ON public.inbox USING btree (done);
CREATE INDEX ix_meeting_drafts_body_day ON public.meeting_drafts USING btree (body, day);
CREATE INDEX ix_meeting_drafts_digest ON public.meeting_drafts USING btree (digest);
CREATE INDEX ix_meeting_drafts_meeting ON public.meeting_drafts USING btree (meeting);
CREATE INDEX ix_meetings_body_day ON public.meetings USING btree (body, day);
CREATE INDEX ix_meetings_confirmed ON public.meetings USING btree (confirmed);
CREATE INDEX ix_meetings_school ON public.meetings USING btree (school);
CREATE INDEX ix_model_calls_at ON public.model_calls USING btree (at);
CREATE INDEX ix_passages_document_id ON public.passages USING btree (document_id);
CREATE INDEX ix_pulse_answers_wave ON public.pulse_answers USING btree (wave);
CREATE INDEX ix_pulse_comments_wave ON public.pulse_comments USING btree (wave);
CREATE INDEX ix_pulse_plans_collaboration ON public.pulse_plans USING btree (collaboration);
CREATE INDEX ix_pulse_waiting_wave ON public.pulse_waiting USING btree (wave);
CREATE INDEX ix_pulse_waves_collaboration ON public.pulse_waves USING btree (collaboration);
CREATE INDEX ix_pulse_waves_plan ON public.pulse_waves USING btree (plan);
CREATE INDEX ix_reminder_lines_subject ON public.reminder_lines USING btree (subject);
CREATE INDEX ix_reminders_sent ON public.reminders USING btree (sent);
CREATE INDEX ix_returns_school ON public.returns USING btree (school);
CREATE INDEX ix_returns_sent ON public.returns USING btree (sent);
CREATE INDEX ix_standard_answers_review ON public.standard_answers USING btree (review);
ALTER TABLE ONLY public.action_changes
    ADD CONSTRAINT fk_action_changes_action_actions FOREIGN KEY (action) REFERENCES public.actions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.action_mentions
    ADD CONSTRAINT fk_action_mentions_action_actions FOREIGN KEY (action) REFERENCES public.actions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.action_mentions
    ADD CONSTRAINT fk_action_mentions_meeting_meetings FOREIGN KEY (meeting) REFERENCES public.meetings(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT fk_actions_first_meeting_meetings FOREIGN KEY (first_meeting) REFERENCES public.meetings(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.actions
    ADD CONSTRAINT fk_actions_meeting_meetings FOREIGN KEY (meeting) REFERENCES public.meetings(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT fk_decisions_meeting_meetings FOREIGN KEY (meeting) REFERENCES public.meetings(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT fk_feedback_answer_id_answers FOREIGN KEY (answer_id) REFERENCES public.answers(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.passages
    ADD CONSTRAINT fk_passages_document_id_documents FOREIGN KEY (document_id) REFERENCES public.documents(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.pulse_answers
    ADD CONSTRAINT fk_pulse_answers_wave_pulse_waves FOREIGN KEY (wave) REFERENCES public.pulse_waves(id);
ALTER TABLE ONLY public.pulse_comments
    ADD CONSTRAINT fk_pulse_comments_wave_pulse_waves FOREIGN KEY (wave) REFERENCES public.pulse_waves(id);
ALTER TABLE ONLY public.pulse_panels
    ADD CONSTRAINT fk_pulse_panels_collaboration_pulse_collaborations FOREIGN KEY (collaboration) REFERENCES public.pulse_collaborations(id);
ALTER TABLE ONLY public.pulse_participation
    ADD CONSTRAINT fk_pulse_participation_wave_pulse_waves FOREIGN KEY (wave) REFERENCES public.pulse_waves(id);
ALTER TABLE ONLY public.pulse_plans
    ADD CONSTRAINT fk_pulse_plans_collaboration_pulse_collaborations FOREIGN KEY (collaboration) REFERENCES public.pulse_collaborations(id);
ALTER TABLE ONLY public.pulse_publications
    ADD CONSTRAINT fk_pulse_publications_wave_pulse_waves FOREIGN KEY (wave) REFERENCES public.pulse_waves(id);
ALTER TABLE ONLY public.pulse_seals
    ADD CONSTRAINT fk_pulse_seals_wave_pulse_waves FOREIGN KEY (wave) REFERENCES public.pulse_waves(id);
ALTER TABLE ONLY public.pulse_waiting
    ADD CONSTRAINT fk_pulse_waiting_wave_pulse_waves FOREIGN KEY (wave) REFERENCES public.pulse_waves(id);
ALTER TABLE ONLY public.pulse_waves
    ADD CONSTRAINT fk_pulse_waves_collaboration_pulse_collaborations FOREIGN KEY (collaboration) REFERENCES public.pulse_collaborations(id);
ALTER TABLE ONLY public.reminder_lines
    ADD CONSTRAINT fk_reminder_lines_person_reminders FOREIGN KEY (person, day) REFERENCES public.reminders(person, day) ON DELETE CASCADE;
ALTER TABLE ONLY public.returns
    ADD CONSTRAINT fk_returns_meeting_meetings FOREIGN KEY (meeting) REFERENCES public.meetings(id) ON DELETE CASCADE;
SELECT pg_catalog.setval('public.action_changes_id_seq', 4, true);
SELECT pg_catalog.setval('public.audit_id_seq', 4, true);
SELECT pg_catalog.setval('public.purges_id_seq', 4, true);
