# The agent and nothing else: one static program, the CA roots, no shell, a numeric user without rights.
#
#   podman build -t relaypack --build-arg VERSION=1.0.0 --build-arg REVISION=$(git rev-parse HEAD) .
#
# The same sources, arguments and Go image give the same layers; add --timestamp 0 (docker buildx:
# SOURCE_DATE_EPOCH=0) for the same image. TARGETARCH is amd64 or arm64: Go compiles for it on any builder.
# (It has no default here: one would win over the --platform of docker buildx.)
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=devel
ARG REVISION=
ENV CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=readonly
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY agent agent
COPY scrape scrape
COPY pack pack
RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -buildvcs=false \
    -ldflags "-s -w -buildid= -X main.stampedVersion=$VERSION -X main.stampedCommit=$REVISION" -o /out/relaypack ./agent

FROM scratch
ARG VERSION=devel
ARG REVISION=
ARG SOURCE=
LABEL org.opencontainers.image.title="relaypack" \
      org.opencontainers.image.description="Watches a telemetry relay from beside it and hands out redacted support packs" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY LICENSE /LICENSE
COPY --from=build /out/relaypack /relaypack
USER 65532:65532
EXPOSE 9732
ENTRYPOINT ["/relaypack"]
