# Trustbot in a container. Its state is in /var/lib/trustbot; the trust file and its folders are in /trust.
FROM python:3.11-slim-bookworm

# What OpenCV needs, which reads scanned pages.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/trustbot
COPY pyproject.toml constraints.txt README.md LICENSE manifest.json ./
COPY bot/ bot/
COPY ingest/ ingest/
COPY knowledge/ knowledge/
COPY prompts/ prompts/
RUN pip install --no-cache-dir -c constraints.txt '.[ocr]'

# The folders of the library are looked for where the trust file really lies, so a link to it is enough.
RUN useradd --create-home --uid 10001 trustbot \
    && mkdir -p /var/lib/trustbot \
    && ln -s /trust/trust.yaml /var/lib/trustbot/trust.yaml \
    && chown -R -h trustbot:trustbot /var/lib/trustbot

USER trustbot
ENV TRUSTBOT_HOME=/var/lib/trustbot
VOLUME ["/var/lib/trustbot"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["trustbot"]
CMD ["run"]
