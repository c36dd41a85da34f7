# Commonplace as a container. compose.yaml runs it; settings come from the environment.

FROM python:3.11-slim AS build
RUN pip install --no-cache-dir --root-user-action=ignore "uv>=0.9,<1"
WORKDIR /app
COPY pyproject.toml requirements.lock ./
# What the bot needs to run, at the versions and hashes of the lock; the tools of the tests stay out.
RUN uv venv .venv \
 && uv pip install --python .venv --require-hashes --compile-bytecode \
      --constraints requirements.lock --requirements pyproject.toml
COPY . .
RUN .venv/bin/python -m compileall -q adapters bot scheduler storage

FROM python:3.11-slim
RUN useradd --system --uid 10001 commonplace && install -d -o commonplace /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH COP_DATA=/data HTTP_HOST=0.0.0.0 LOG_FORMAT=json PYTHONUNBUFFERED=1
USER commonplace
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('HTTP_PORT', '8080') + '/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
