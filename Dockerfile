FROM python:3.12-bookworm AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.12-slim-bookworm
RUN apt-get update && apt-get install --yes --no-install-recommends libgomp1 && rm -r /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 tsi && install --directory --owner 10001 --group 10001 --mode 700 /keys
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels tsi-graph
# By number, so that a cluster can see that it is not root; nothing is written but to /tmp and /keys.
USER 10001:10001
WORKDIR /home/tsi
ENV TSI_KEYS=/keys/tsi-keys.json MPLCONFIGDIR=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
EXPOSE 8000
CMD ["tsi", "serve", "--host", "0.0.0.0"]
