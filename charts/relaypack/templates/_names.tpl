{{/* Names, labels and sizes. All take the chart's own context. */}}

{{- define "relaypack.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains "relaypack" .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-relaypack" (.Release.Name | trunc 40 | trimSuffix "-") -}}
{{- end -}}
{{- end }}

{{- define "relaypack.labels" -}}
app.kubernetes.io/name: relaypack
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* The labels by which the pod is found: those of the trial, else what podLabels says. */}}
{{- define "relaypack.podLabels" -}}
{{- if .Values.podLabels -}}
{{- toYaml .Values.podLabels -}}
{{- else if eq (include "relaypack.trial" .) "true" -}}
app.kubernetes.io/name: relaypack
app.kubernetes.io/instance: {{ .Release.Name }}
{{- else -}}
{{- fail "podLabels: say which labels the relay's pod has; monitoring and the network policy find it by them" -}}
{{- end -}}
{{- end }}

{{/* "true" when the trial is installed: as said, else when this chart is no part of another one. */}}
{{- define "relaypack.trial" -}}
{{- if kindIs "invalid" .Values.trial.enabled -}}
{{- $place := .Template | default (dict "BasePath" "") -}}
{{- eq (dir $place.BasePath) "relaypack" -}}
{{- else -}}
{{- .Values.trial.enabled -}}
{{- end -}}
{{- end }}

{{- define "relaypack.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The name of a Secret: what the values say, else the trial's own for what the chart makes there.
     Takes a list: the context, and which one. */}}
{{- define "relaypack.secretName" -}}
{{- $me := index . 0 -}}{{- $which := index . 1 -}}
{{- $named := (index $me.Values.secrets $which).name -}}
{{- if $named -}}
{{- $named -}}
{{- else if eq (include "relaypack.makesSecret" .) "true" -}}
{{- include "relaypack.fullname" $me -}}
{{- end -}}
{{- end }}

{{/* "true" for a Secret that the chart makes: in the trial, where no other is named. The bearer of a relay that is
     not the demo's cannot be made. */}}
{{- define "relaypack.makesSecret" -}}
{{- $me := index . 0 -}}{{- $which := index . 1 -}}
{{- $demo := not $me.Values.trial.relay.image -}}
{{- $can := or (has $which (list "admin" "pseudonym")) (and (eq $which "relay") $demo (not $me.Values.secrets.login.name)) -}}
{{- and $can (eq (include "relaypack.trial" $me) "true") (not (index $me.Values.secrets $which).name) -}}
{{- end }}

{{/* A size as bytes: 64MiB (of the agent) or 64Mi (of Kubernetes). Sizes that the schema lets through are whole. */}}
{{- define "relaypack.bytes" -}}
{{- $n := regexFind "^[0-9]+" . | int64 -}}
{{- $unit := regexReplaceAll "^[0-9]+ *" . "" -}}
{{- $by := index (dict "" 1 "B" 1 "Ki" 1024 "KiB" 1024 "Mi" 1048576 "MiB" 1048576 "Gi" 1073741824 "GiB" 1073741824 "k" 1000 "kB" 1000 "M" 1000000 "MB" 1000000 "G" 1000000000 "GB" 1000000000 "Ti" 1099511627776) $unit -}}
{{- if not $by -}}{{- fail (printf "size %q: write a whole number with Mi or Gi" .) -}}{{- end -}}
{{- mul $n $by -}}
{{- end }}

{{/* The service account of the pod: one of the trial's own only where it gets rights. */}}
{{- define "relaypack.serviceAccount" -}}
{{- if .Values.kubernetes.serviceAccount -}}
{{- .Values.kubernetes.serviceAccount -}}
{{- else if not .Values.kubernetes.enabled -}}
default
{{- else if eq (include "relaypack.trial" .) "true" -}}
{{- include "relaypack.fullname" . -}}
{{- else -}}
{{- fail "kubernetes.serviceAccount: say which service account the relay's pod has; it gets the rights to read the pod" -}}
{{- end -}}
{{- end }}
