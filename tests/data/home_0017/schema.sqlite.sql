CREATE TABLE action_changes (
	id INTEGER NOT NULL,
	action VARCHAR(24) NOT NULL,
	at DATETIME NOT NULL,
	"by" VARCHAR(60) NOT NULL,
	what VARCHAR(20) NOT NULL,
	note TEXT NOT NULL,
	CONSTRAINT pk_action_changes PRIMARY KEY (id),
	CONSTRAINT fk_action_changes_action_actions FOREIGN KEY(action) REFERENCES actions (id) ON DELETE CASCADE
);
CREATE TABLE action_mentions (
	action VARCHAR(24) NOT NULL,
	meeting VARCHAR(24) NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_action_mentions PRIMARY KEY (action, meeting),
	CONSTRAINT fk_action_mentions_action_actions FOREIGN KEY(action) REFERENCES actions (id) ON DELETE CASCADE,
	CONSTRAINT fk_action_mentions_meeting_meetings FOREIGN KEY(meeting) REFERENCES meetings (id) ON DELETE CASCADE
);
CREATE TABLE actions (
	id VARCHAR(24) NOT NULL,
	meeting VARCHAR(24),
	first_meeting VARCHAR(24),
	raised DATE NOT NULL,
	body TEXT NOT NULL,
	school TEXT,
	about TEXT NOT NULL,
	task TEXT NOT NULL,
	owners TEXT NOT NULL,
	due TEXT NOT NULL,
	state VARCHAR(10) NOT NULL,
	quote TEXT NOT NULL,
	page INTEGER,
	item TEXT NOT NULL,
	heading TEXT NOT NULL,
	audience TEXT NOT NULL,
	part_b BOOLEAN NOT NULL,
	snoozed_until DATE,
	reason TEXT NOT NULL,
	created DATETIME NOT NULL,
	changed DATETIME NOT NULL,
	CONSTRAINT pk_actions PRIMARY KEY (id),
	CONSTRAINT fk_actions_first_meeting_meetings FOREIGN KEY(first_meeting) REFERENCES meetings (id) ON DELETE CASCADE,
	CONSTRAINT fk_actions_meeting_meetings FOREIGN KEY(meeting) REFERENCES meetings (id) ON DELETE CASCADE
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE answers (
	id VARCHAR(24) NOT NULL,
	event VARCHAR(160) NOT NULL,
	asker VARCHAR(40) NOT NULL,
	channel VARCHAR(40) NOT NULL,
	thread VARCHAR(40),
	question TEXT NOT NULL,
	alone BOOLEAN NOT NULL,
	answer TEXT NOT NULL,
	reader TEXT NOT NULL,
	created DATETIME NOT NULL, message VARCHAR(40), edited VARCHAR(40),
	CONSTRAINT pk_answers PRIMARY KEY (id)
);
CREATE TABLE audit (
	id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	person VARCHAR(60) NOT NULL,
	what VARCHAR(20) NOT NULL,
	place VARCHAR(40) NOT NULL,
	documents TEXT NOT NULL,
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
CREATE TABLE channels (
	name VARCHAR(80) NOT NULL,
	id VARCHAR(40) NOT NULL,
	CONSTRAINT pk_channels PRIMARY KEY (name)
);
CREATE TABLE decisions (
	id VARCHAR(24) NOT NULL,
	meeting VARCHAR(24) NOT NULL,
	ordinal INTEGER NOT NULL,
	text TEXT NOT NULL,
	quote TEXT NOT NULL,
	page INTEGER,
	item TEXT NOT NULL,
	heading TEXT NOT NULL,
	audience TEXT NOT NULL,
	part_b BOOLEAN NOT NULL,
	benefit TEXT NOT NULL,
	CONSTRAINT pk_decisions PRIMARY KEY (id),
	CONSTRAINT fk_decisions_meeting_meetings FOREIGN KEY(meeting) REFERENCES meetings (id) ON DELETE CASCADE
);
CREATE TABLE digest_settings (
	channel VARCHAR(80) NOT NULL,
	since DATETIME NOT NULL,
	paused BOOLEAN NOT NULL,
	items TEXT,
	day VARCHAR(10),
	at TIME,
	"by" VARCHAR(60),
	CONSTRAINT pk_digest_settings PRIMARY KEY (channel)
);
CREATE TABLE digests (
	"key" VARCHAR(120) NOT NULL,
	channel VARCHAR(80) NOT NULL,
	until DATETIME NOT NULL,
	began DATETIME NOT NULL,
	posted DATETIME,
	value TEXT,
	CONSTRAINT pk_digests PRIMARY KEY ("key")
);
CREATE TABLE documents (
	id VARCHAR(64) NOT NULL,
	source TEXT NOT NULL,
	file_name TEXT NOT NULL,
	title TEXT NOT NULL,
	kind VARCHAR(20) NOT NULL,
	audience TEXT NOT NULL,
	family TEXT NOT NULL,
	school VARCHAR(60),
	body VARCHAR(60),
	version TEXT,
	date DATE,
	review DATE,
	status VARCHAR(20) NOT NULL,
	in_force BOOLEAN NOT NULL,
	pages INTEGER,
	unit VARCHAR(10),
	ocr BOOLEAN NOT NULL,
	url TEXT,
	digest VARCHAR(64) NOT NULL,
	size BIGINT,
	modified FLOAT,
	generation BIGINT NOT NULL,
	revised BIGINT NOT NULL,
	encoder TEXT NOT NULL,
	passages INTEGER NOT NULL, masked INTEGER DEFAULT '0' NOT NULL,
	CONSTRAINT pk_documents PRIMARY KEY (id),
	CONSTRAINT uq_documents_generation UNIQUE (generation),
	CONSTRAINT uq_documents_source UNIQUE (source)
);
CREATE TABLE feedback (
	answer_id VARCHAR(24) NOT NULL,
	person VARCHAR(40) NOT NULL,
	verdict VARCHAR(10) NOT NULL,
	missing TEXT,
	given DATETIME NOT NULL,
	CONSTRAINT pk_feedback PRIMARY KEY (answer_id, person),
	CONSTRAINT fk_feedback_answer_id_answers FOREIGN KEY(answer_id) REFERENCES answers (id) ON DELETE CASCADE
);
CREATE TABLE holds (
	id VARCHAR(12) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	subject TEXT NOT NULL,
	reason TEXT NOT NULL,
	placed DATETIME NOT NULL,
	lifted DATETIME,
	CONSTRAINT pk_holds PRIMARY KEY (id)
);
CREATE TABLE inbox (
	id VARCHAR(160) NOT NULL,
	kind VARCHAR(40) NOT NULL,
	payload TEXT,
	received DATETIME NOT NULL,
	done DATETIME, attempts INTEGER DEFAULT '0' NOT NULL, set_aside BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_inbox PRIMARY KEY (id)
);
CREATE TABLE library_indexes (
	name VARCHAR(64) NOT NULL,
	applied BIGINT NOT NULL,
	apart TEXT NOT NULL,
	rebuilds INTEGER NOT NULL,
	holder VARCHAR(64),
	until FLOAT NOT NULL,
	CONSTRAINT pk_library_indexes PRIMARY KEY (name)
);
CREATE TABLE library_reading (
	process VARCHAR(120) NOT NULL,
	"left" INTEGER,
	beat FLOAT NOT NULL,
	CONSTRAINT pk_library_reading PRIMARY KEY (process)
);
CREATE TABLE library_state (
	id INTEGER NOT NULL,
	library_id VARCHAR(32) NOT NULL,
	generation BIGINT NOT NULL,
	rebuilds INTEGER NOT NULL,
	CONSTRAINT pk_library_state PRIMARY KEY (id)
);
CREATE TABLE meeting_drafts (
	id VARCHAR(24) NOT NULL,
	digest VARCHAR(64) NOT NULL,
	body TEXT,
	day DATE,
	meeting VARCHAR(24),
	revision INTEGER NOT NULL,
	value TEXT NOT NULL,
	created DATETIME NOT NULL,
	CONSTRAINT pk_meeting_drafts PRIMARY KEY (id)
);
CREATE TABLE meeting_matters (
	body TEXT NOT NULL,
	ref VARCHAR(160) NOT NULL,
	text TEXT NOT NULL,
	note TEXT NOT NULL,
	audience TEXT NOT NULL,
	raised DATE NOT NULL,
	"by" VARCHAR(60) NOT NULL,
	CONSTRAINT pk_meeting_matters PRIMARY KEY (body, ref)
);
CREATE TABLE meeting_notes (
	digest VARCHAR(64) NOT NULL,
	reading TEXT NOT NULL,
	received DATETIME NOT NULL,
	CONSTRAINT pk_meeting_notes PRIMARY KEY (digest)
);
CREATE TABLE meetings (
	id VARCHAR(24) NOT NULL,
	body TEXT NOT NULL,
	school TEXT,
	day DATE NOT NULL,
	digest VARCHAR(64) NOT NULL,
	value TEXT NOT NULL,
	items TEXT NOT NULL,
	confirmed DATETIME NOT NULL,
	CONSTRAINT pk_meetings PRIMARY KEY (id)
);
CREATE TABLE model_calls (
	id VARCHAR(32) NOT NULL,
	at DATETIME NOT NULL,
	model VARCHAR(120) NOT NULL,
	prompt VARCHAR(40) NOT NULL,
	ended VARCHAR(20) NOT NULL,
	tokens_in INTEGER NOT NULL,
	tokens_out INTEGER NOT NULL,
	seconds FLOAT NOT NULL,
	cost FLOAT,
	CONSTRAINT pk_model_calls PRIMARY KEY (id)
);
CREATE TABLE notices (
	subject VARCHAR(120) NOT NULL,
	state VARCHAR(100) NOT NULL,
	count INTEGER NOT NULL,
	told BOOLEAN NOT NULL,
	CONSTRAINT pk_notices PRIMARY KEY (subject)
);
CREATE TABLE passages (
	id VARCHAR(80) NOT NULL,
	document_id VARCHAR(64) NOT NULL,
	ordinal INTEGER NOT NULL,
	text TEXT NOT NULL,
	heading TEXT NOT NULL,
	page INTEGER,
	header TEXT NOT NULL,
	vector BLOB NOT NULL,
	sentences BLOB NOT NULL,
	terms BLOB NOT NULL,
	CONSTRAINT pk_passages PRIMARY KEY (id),
	CONSTRAINT fk_passages_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE TABLE posts (
	"key" VARCHAR(200) NOT NULL,
	channel VARCHAR(40) NOT NULL,
	thread VARCHAR(40),
	began FLOAT NOT NULL,
	ts VARCHAR(40),
	CONSTRAINT pk_posts PRIMARY KEY ("key")
);
CREATE TABLE pulse_answers (
	"key" VARCHAR(32) NOT NULL,
	wave VARCHAR(60) NOT NULL,
	sealed BLOB NOT NULL,
	CONSTRAINT pk_pulse_answers PRIMARY KEY ("key"),
	CONSTRAINT fk_pulse_answers_wave_pulse_waves FOREIGN KEY(wave) REFERENCES pulse_waves (id)
)
 WITHOUT ROWID

;
CREATE TABLE pulse_collaborations (
	id VARCHAR(60) NOT NULL,
	name TEXT NOT NULL,
	schools JSON NOT NULL,
	outcome TEXT NOT NULL,
	lead VARCHAR(60) NOT NULL,
	start DATE NOT NULL,
	"end" DATE NOT NULL,
	partners JSON NOT NULL, checklist JSON DEFAULT '[]' NOT NULL,
	CONSTRAINT pk_pulse_collaborations PRIMARY KEY (id)
);
CREATE TABLE pulse_comments (
	"key" VARCHAR(32) NOT NULL,
	wave VARCHAR(60) NOT NULL,
	sealed BLOB NOT NULL,
	CONSTRAINT pk_pulse_comments PRIMARY KEY ("key"),
	CONSTRAINT fk_pulse_comments_wave_pulse_waves FOREIGN KEY(wave) REFERENCES pulse_waves (id)
)
 WITHOUT ROWID

;
CREATE TABLE pulse_panels (
	collaboration VARCHAR(60) NOT NULL,
	version INTEGER NOT NULL,
	person VARCHAR(60) NOT NULL,
	year INTEGER NOT NULL,
	slices JSON NOT NULL,
	CONSTRAINT pk_pulse_panels PRIMARY KEY (collaboration, version, person),
	CONSTRAINT fk_pulse_panels_collaboration_pulse_collaborations FOREIGN KEY(collaboration) REFERENCES pulse_collaborations (id)
);
CREATE TABLE pulse_participation (
	wave VARCHAR(60) NOT NULL,
	person VARCHAR(60) NOT NULL,
	slices JSON NOT NULL,
	state VARCHAR(10) NOT NULL,
	CONSTRAINT pk_pulse_participation PRIMARY KEY (wave, person),
	CONSTRAINT fk_pulse_participation_wave_pulse_waves FOREIGN KEY(wave) REFERENCES pulse_waves (id)
);
CREATE TABLE pulse_plans (
	id VARCHAR(40) NOT NULL,
	collaboration VARCHAR(60) NOT NULL,
	asked JSON NOT NULL,
	first DATE NOT NULL,
	days INTEGER NOT NULL,
	recurring BOOLEAN NOT NULL,
	own JSON NOT NULL,
	channel VARCHAR(40) NOT NULL,
	"by" VARCHAR(60) NOT NULL,
	stopped BOOLEAN NOT NULL,
	CONSTRAINT pk_pulse_plans PRIMARY KEY (id),
	CONSTRAINT fk_pulse_plans_collaboration_pulse_collaborations FOREIGN KEY(collaboration) REFERENCES pulse_collaborations (id)
);
CREATE TABLE pulse_publications (
	wave VARCHAR(60) NOT NULL,
	publication TEXT NOT NULL,
	CONSTRAINT pk_pulse_publications PRIMARY KEY (wave),
	CONSTRAINT fk_pulse_publications_wave_pulse_waves FOREIGN KEY(wave) REFERENCES pulse_waves (id)
);
CREATE TABLE pulse_seals (
	wave VARCHAR(60) NOT NULL,
	public BLOB NOT NULL,
	issuing BLOB NOT NULL,
	opening VARCHAR(40) NOT NULL,
	asking VARCHAR(40),
	turn INTEGER NOT NULL,
	spent BOOLEAN NOT NULL,
	CONSTRAINT pk_pulse_seals PRIMARY KEY (wave),
	CONSTRAINT fk_pulse_seals_wave_pulse_waves FOREIGN KEY(wave) REFERENCES pulse_waves (id)
);
CREATE TABLE pulse_waiting (
	"key" VARCHAR(32) NOT NULL,
	wave VARCHAR(60) NOT NULL,
	sealed BLOB NOT NULL,
	CONSTRAINT pk_pulse_waiting PRIMARY KEY ("key"),
	CONSTRAINT fk_pulse_waiting_wave_pulse_waves FOREIGN KEY(wave) REFERENCES pulse_waves (id)
)
 WITHOUT ROWID

;
CREATE TABLE pulse_waves (
	id VARCHAR(60) NOT NULL,
	collaboration VARCHAR(60) NOT NULL,
	opens DATE NOT NULL,
	closes DATE NOT NULL,
	statements TEXT NOT NULL,
	state VARCHAR(10) NOT NULL, "plan" VARCHAR(40) DEFAULT '' NOT NULL, panel INTEGER DEFAULT '0' NOT NULL,
	CONSTRAINT pk_pulse_waves PRIMARY KEY (id),
	CONSTRAINT fk_pulse_waves_collaboration_pulse_collaborations FOREIGN KEY(collaboration) REFERENCES pulse_collaborations (id)
);
CREATE TABLE purges (
	id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	generation BIGINT NOT NULL,
	removed TEXT NOT NULL,
	CONSTRAINT pk_purges PRIMARY KEY (id)
);
CREATE TABLE refused_files (
	id VARCHAR(64) NOT NULL,
	source TEXT NOT NULL,
	digest VARCHAR(64) NOT NULL,
	reader VARCHAR(64) NOT NULL,
	reason TEXT NOT NULL,
	size BIGINT NOT NULL,
	modified FLOAT NOT NULL,
	CONSTRAINT pk_refused_files PRIMARY KEY (id)
);
CREATE TABLE reminder_lines (
	person VARCHAR(60) NOT NULL,
	day DATE NOT NULL,
	subject VARCHAR(120) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	CONSTRAINT pk_reminder_lines PRIMARY KEY (person, day, subject, kind),
	CONSTRAINT fk_reminder_lines_person_reminders FOREIGN KEY(person, day) REFERENCES reminders (person, day) ON DELETE CASCADE
);
CREATE TABLE reminders (
	person VARCHAR(60) NOT NULL,
	day DATE NOT NULL,
	planned DATETIME NOT NULL,
	after_holiday BOOLEAN NOT NULL,
	sent DATETIME,
	CONSTRAINT pk_reminders PRIMARY KEY (person, day)
);
CREATE TABLE returns (
	meeting VARCHAR(24) NOT NULL,
	school TEXT NOT NULL,
	items TEXT NOT NULL,
	audience TEXT NOT NULL,
	sent DATETIME NOT NULL,
	sent_by VARCHAR(60) NOT NULL,
	CONSTRAINT pk_returns PRIMARY KEY (meeting),
	CONSTRAINT fk_returns_meeting_meetings FOREIGN KEY(meeting) REFERENCES meetings (id) ON DELETE CASCADE
);
CREATE TABLE scanned_pages (
	document_id VARCHAR(64) NOT NULL,
	page INTEGER NOT NULL,
	source TEXT NOT NULL,
	digest VARCHAR(64) NOT NULL,
	words TEXT NOT NULL,
	CONSTRAINT pk_scanned_pages PRIMARY KEY (document_id, page)
);
CREATE TABLE standard_answers (
	id VARCHAR(24) NOT NULL,
	audience TEXT NOT NULL,
	review DATE NOT NULL,
	retired DATETIME,
	revision INTEGER NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_standard_answers PRIMARY KEY (id)
);
CREATE TABLE streams (
	"key" VARCHAR(200) NOT NULL,
	channel VARCHAR(40) NOT NULL,
	thread VARCHAR(40) NOT NULL,
	began FLOAT NOT NULL,
	ts VARCHAR(40),
	CONSTRAINT pk_streams PRIMARY KEY ("key")
);
CREATE TABLE trust_folders (
	folder TEXT NOT NULL,
	CONSTRAINT pk_trust_folders PRIMARY KEY (folder)
);
CREATE TABLE trust_versions (
	number INTEGER NOT NULL,
	digest VARCHAR(64) NOT NULL,
	text TEXT,
	accepted DATETIME NOT NULL,
	place TEXT NOT NULL,
	CONSTRAINT pk_trust_versions PRIMARY KEY (number)
);
CREATE INDEX ix_action_changes_action ON action_changes (action);
CREATE INDEX ix_action_changes_what_at ON action_changes (what, at);
CREATE INDEX ix_action_mentions_meeting ON action_mentions (meeting);
CREATE INDEX ix_actions_body ON actions (body);
CREATE INDEX ix_actions_created ON actions (created);
CREATE INDEX ix_actions_meeting ON actions (meeting);
CREATE INDEX ix_actions_school ON actions (school);
CREATE INDEX ix_actions_state ON actions (state);
CREATE INDEX ix_answers_asker ON answers (asker);
CREATE INDEX ix_answers_created ON answers (created);
CREATE INDEX ix_answers_thread ON answers (channel, thread);
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_audit_person ON audit (person);
CREATE INDEX ix_decisions_meeting ON decisions (meeting);
CREATE INDEX ix_digests_channel_until ON digests (channel, until);
CREATE INDEX ix_documents_audience ON documents (audience);
CREATE INDEX ix_documents_family ON documents (family);
CREATE INDEX ix_documents_revised ON documents (revised);
CREATE INDEX ix_inbox_done ON inbox (done);
CREATE INDEX ix_meeting_drafts_body_day ON meeting_drafts (body, day);
CREATE INDEX ix_meeting_drafts_digest ON meeting_drafts (digest);
CREATE INDEX ix_meeting_drafts_meeting ON meeting_drafts (meeting);
CREATE INDEX ix_meetings_body_day ON meetings (body, day);
CREATE INDEX ix_meetings_confirmed ON meetings (confirmed);
CREATE INDEX ix_meetings_school ON meetings (school);
CREATE INDEX ix_model_calls_at ON model_calls (at);
CREATE INDEX ix_passages_document_id ON passages (document_id);
CREATE INDEX ix_pulse_answers_wave ON pulse_answers (wave);
CREATE INDEX ix_pulse_comments_wave ON pulse_comments (wave);
CREATE INDEX ix_pulse_plans_collaboration ON pulse_plans (collaboration);
CREATE INDEX ix_pulse_waiting_wave ON pulse_waiting (wave);
CREATE INDEX ix_pulse_waves_collaboration ON pulse_waves (collaboration);
CREATE INDEX ix_pulse_waves_plan ON pulse_waves ("plan");
CREATE INDEX ix_reminder_lines_subject ON reminder_lines (subject);
CREATE INDEX ix_reminders_sent ON reminders (sent);
CREATE INDEX ix_returns_school ON returns (school);
CREATE INDEX ix_returns_sent ON returns (sent);
CREATE INDEX ix_standard_answers_review ON standard_answers (review);
