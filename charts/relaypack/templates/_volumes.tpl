{{/* What the sidecar mounts; no other container of the pod does. Take the chart's own context. */}}

{{- define "relaypack.volumeList" -}}
{{- $v := .Values -}}
{{- $sources := include "relaypack.secretSources" . | trim -}}
{{- if $sources }}
- name: relaypack-secrets
  projected:
    defaultMode: 0444
    sources:
      {{- $sources | nindent 6 }}
{{- end }}
{{- if $v.state.enabled }}
{{- include "relaypack.checkSize" . }}
- name: relaypack-state
  {{- if $v.state.claim }}
  persistentVolumeClaim: {claimName: {{ $v.state.claim }}}
  {{- else }}
  emptyDir: {sizeLimit: {{ $v.state.sizeLimit }}}
  {{- end }}
{{- end }}
{{- if or $v.redactionPolicy $v.profile }}
- name: relaypack-files
  configMap: {name: {{ include "relaypack.fullname" . }}}
{{- end }}
{{- if $v.kubernetes.enabled }}
- name: relaypack-account
  projected:
    defaultMode: 0444
    sources:
      - serviceAccountToken: {path: token, expirationSeconds: 3607}
      - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
      - downwardAPI: {items: [{path: namespace, fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}]}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "relaypack.secretSources" -}}
{{- $me := . -}}
{{- range $which, $is := include "relaypack.files" . | fromYaml }}
{{- with include "relaypack.secretName" (list $me $which) }}
- secret: {name: {{ . }}, optional: true, items: [{key: {{ (index $me.Values.secrets $which).key }}, path: {{ $is.file }}}]}
{{- end }}
{{- end }}
{{- end }}

{{/* The volume must hold twice the spool and the windows of four classes. */}}
{{- define "relaypack.checkSize" -}}
{{- $spool := dig "SPOOL_BYTES" "64MiB" .Values.sidecar.config -}}
{{- $window := dig "WINDOW_BYTES" "1MiB" .Values.sidecar.config -}}
{{- $least := mul 2 (add (include "relaypack.bytes" $spool | int64) (mul 4 (include "relaypack.bytes" $window | int64))) -}}
{{- if and (not .Values.state.claim) (lt (include "relaypack.bytes" .Values.state.sizeLimit | int64) $least) -}}
{{- fail (printf "state.sizeLimit: %s is less than twice the spool (%s) and four windows (%s); what is over it evicts the pod" .Values.state.sizeLimit $spool $window) -}}
{{- end -}}
{{- end }}
