# docker build -t marsad .   then, for SQLite in a volume:
#   docker run -v ./config:/srv/marsad/config:ro -v marsad:/srv/marsad/var marsad
# With PostgreSQL: config/compose.yaml
FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /opt/marsad
COPY requirements.lock .
RUN /opt/marsad/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY service service
RUN /opt/marsad/bin/pip install --no-cache-dir --no-deps --no-build-isolation --no-index .

FROM python:3.13-slim
COPY --from=build /opt/marsad /opt/marsad
RUN useradd --system --uid 10001 --home-dir /srv/marsad --shell /usr/sbin/nologin marsad \
    && install -d -m 755 /srv/marsad/config \
    && install -d -o marsad -g marsad -m 700 /srv/marsad/var
ENV PATH=/opt/marsad/bin:$PATH MARSAD_CONFIG=/srv/marsad/config PYTHONUNBUFFERED=1
USER marsad
WORKDIR /srv/marsad
VOLUME /srv/marsad/var
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s --retries=3 CMD ["marsad", "status", "--health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["marsad"]
CMD ["run"]
