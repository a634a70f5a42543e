{{/*
What another chart includes. Its own context is enough; the settings are those under `relaypack:` in its values.

  spec:
    shareProcessNamespace: true
    initContainers:            # containers, with sidecar.native false
      {{- include "relaypack.sidecar" . | nindent 6 }}
    volumes:
      {{- include "relaypack.volumes" . | nindent 6 }}
*/}}

{{- define "relaypack.sidecar" -}}
{{- $me := . -}}{{- if ne .Chart.Name "relaypack" -}}{{- $me = .Subcharts.relaypack -}}{{- end -}}
{{- include "relaypack.container" $me -}}
{{- end }}

{{- define "relaypack.volumes" -}}
{{- $me := . -}}{{- if ne .Chart.Name "relaypack" -}}{{- $me = .Subcharts.relaypack -}}{{- end -}}
{{- include "relaypack.volumeList" $me -}}
{{- end }}

{{- define "relaypack.container" -}}
{{- $v := .Values -}}
{{- if and $v.sidecar.native (semverCompare "<1.29.0-0" .Capabilities.KubeVersion.Version) -}}
{{- fail "sidecar.native: a native sidecar wants Kubernetes 1.29 or later; set it to false" -}}
{{- end -}}
- name: relaypack
  image: {{ include "relaypack.image" . | quote }}
  imagePullPolicy: {{ $v.image.pullPolicy }}
  {{- if $v.sidecar.native }}
  restartPolicy: Always
  {{- end }}
  args: [serve]
  env:
    {{- include "relaypack.env" . | trim | nindent 4 }}
  {{- with $v.secrets.store.name }}
  envFrom:
    - secretRef: {name: {{ . }}, optional: true}
  {{- end }}
  ports:
    - {name: relaypack-probe, containerPort: {{ include "relaypack.probePort" . }}, protocol: TCP}
  {{- with $v.sidecar.livenessProbe }}
  livenessProbe:
    httpGet: {path: /livez, port: relaypack-probe}
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $v.sidecar.resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    allowPrivilegeEscalation: false
    capabilities: {drop: [ALL]}
    privileged: false
    readOnlyRootFilesystem: true
    runAsNonRoot: true
    runAsUser: {{ int64 $v.sidecar.runAsUser }}
    runAsGroup: {{ int64 $v.sidecar.runAsGroup }}
    seccompProfile: {type: RuntimeDefault}
  {{- $mounts := include "relaypack.mounts" . | trim }}
  {{- if $mounts }}
  volumeMounts:
    {{- $mounts | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "relaypack.probePort" -}}
{{- regexFind "[0-9]+$" (dig "PROBE_LISTEN" ":9732" .Values.sidecar.config) -}}
{{- end }}

{{/* The folder of the mounted secrets, and what each file there is for. */}}
{{- define "relaypack.files" -}}
admin: {variable: ADMIN_TOKEN_FILE, file: admin}
relay: {variable: RELAY_TOKEN_FILE, file: relay}
login: {variable: RELAY_LOGIN_FILE, file: login}
pseudonym: {variable: PSEUDONYM_KEY_FILE, file: names}
{{- end }}

{{- define "relaypack.env" -}}
{{- $me := . -}}{{- $v := .Values }}
- {name: RELAYPACK_RELAY_URL, value: "{{ $v.relay.scheme }}://127.0.0.1:{{ int $v.relay.port }}"}
- {name: RELAYPACK_POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
- {name: RELAYPACK_POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
- {name: RELAYPACK_NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
{{- range $which, $is := include "relaypack.files" . | fromYaml }}
{{- if include "relaypack.secretName" (list $me $which) }}
- {name: RELAYPACK_{{ $is.variable }}, value: /run/relaypack/{{ $is.file }}}
{{- end }}
{{- end }}
{{- $container := $v.relay.container | default (ternary "relay" "" (eq (include "relaypack.trial" .) "true")) }}
{{- with $container }}
- {name: RELAYPACK_RELAY_MEMORY_LIMIT, valueFrom: {resourceFieldRef: {containerName: {{ . }}, resource: limits.memory}}}
{{- end }}
{{- if $v.state.enabled }}
- {name: RELAYPACK_STATE_DIR, value: /var/lib/relaypack/state}
{{- end }}
{{- if $v.redactionPolicy }}
- {name: RELAYPACK_REDACTION_POLICY_FILE, value: /etc/relaypack/policy.yaml}
{{- end }}
{{- if $v.profile }}
- {name: RELAYPACK_PROFILE, value: /etc/relaypack/profile.yaml}
{{- end }}
{{- if $v.kubernetes.enabled }}
- {name: RELAYPACK_KUBERNETES, value: "on"}
{{- with $container }}
- {name: RELAYPACK_RELAY_CONTAINER, value: {{ . | quote }}}
{{- end }}
- {name: RELAYPACK_KUBERNETES_LOG_LINES, value: {{ $v.kubernetes.logLines | int | quote }}}
{{- end }}
{{- range $name, $value := $v.sidecar.config }}
- {name: RELAYPACK_{{ $name }}, value: {{ ternary (int64 $value) $value (kindIs "float64" $value) | quote }}}
{{- end }}
{{- if and (eq (include "relaypack.trial" .) "true") (not $v.trial.relay.image) (not (hasKey $v.sidecar.config "PROCESS")) }}
- {name: RELAYPACK_PROCESS, value: "name:demo-relay --alone"}
{{- end }}
{{- with (dig "limits" "memory" "" ($v.sidecar.resources | default dict)) }}
- {name: GOMEMLIMIT, value: {{ div (mul (include "relaypack.bytes" . | int64) 9) 10 | quote }}}
{{- end }}
{{- with $v.sidecar.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "relaypack.mounts" -}}
{{- if include "relaypack.secretSources" . | trim }}
- {name: relaypack-secrets, mountPath: /run/relaypack, readOnly: true}
{{- end }}
{{- if .Values.state.enabled }}
- {name: relaypack-state, mountPath: /var/lib/relaypack}
{{- end }}
{{- if or .Values.redactionPolicy .Values.profile }}
- {name: relaypack-files, mountPath: /etc/relaypack, readOnly: true}
{{- end }}
{{- if .Values.kubernetes.enabled }}
- {name: relaypack-account, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
{{- end }}
{{- with .Values.sidecar.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}
