FROM python:3.12 AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.12-slim
RUN apt-get update && apt-get install --yes --no-install-recommends libgomp1 && rm -r /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 tsi
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-index --find-links /wheels tsi-graph && rm -r /wheels
USER tsi
WORKDIR /home/tsi
ENV MPLCONFIGDIR=/tmp
EXPOSE 8000
CMD ["tsi", "serve", "--host", "0.0.0.0"]
