package main

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"text/template"
)

// patchFacts are what a patch depends on; all else in it is as the chart has it by default.
type patchFacts struct {
	Image      string
	Port       int
	Container  string // name of the relay's, "" for unknown
	Secret     string // name of one that exists, "" for none
	Native     bool
	Kubernetes bool
}

var (
	imageName  = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,511}$`)
	partName   = regexp.MustCompile(`^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$`)
	secretName = regexp.MustCompile(`^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$`)
)

// printPatch prints a strategic merge patch that adds the sidecar to the pods of a Deployment, a StatefulSet or
// a DaemonSet, in whatever namespace. It changes nothing of the relay's container but that its processes are
// seen by the sidecar. `.ci/chart` holds it to be what the chart makes of the same facts.
func printPatch(_ context.Context, p *program, args []string) error {
	fs := p.flags("patch")
	f := patchFacts{}
	ordinary := false
	fs.StringVar(&f.Image, "image", "", "`image` of the agent (required)")
	fs.IntVar(&f.Port, "port", 3001, "`port` on which the relay listens")
	fs.StringVar(&f.Container, "container", "", "`name` of the relay's container, which must be in the pod: its memory limit is read")
	fs.StringVar(&f.Secret, "secret", "relaypack", "`name` of the Secret with admin-token, relay-token and pseudonym-key; empty for none")
	fs.BoolVar(&ordinary, "ordinary", false, "an ordinary container in place of a native sidecar (before Kubernetes 1.29)")
	fs.BoolVar(&f.Kubernetes, "kubernetes", false, "let the agent read its own pod (its service account needs the right)")
	if err := p.parse(fs, args, 0, 0); err != nil {
		return err
	}
	f.Native = !ordinary
	switch {
	case f.Image == "":
		return fmt.Errorf("patch: --image is missing: say where the cluster finds the agent's image")
	case !imageName.MatchString(f.Image):
		return fmt.Errorf("patch: --image wants the name of an image, such as relaypack:1.0.0")
	case !isPort(strconv.Itoa(f.Port)):
		return fmt.Errorf("patch: --port wants a port from 1 to 65535")
	case !partName.MatchString(f.Container):
		return fmt.Errorf("patch: --container wants the name of a container: small letters, digits and dashes")
	case !secretName.MatchString(f.Secret):
		return fmt.Errorf("patch: --secret wants the name of a Secret: small letters, digits, dots and dashes")
	}
	var out bytes.Buffer
	if err := patchText.Execute(&out, f); err != nil {
		return failed("write the patch: %w", err)
	}
	_, err := p.stdout.Write(out.Bytes())
	return err
}

// patchText is indented as under spec.template.spec.
var patchText = template.Must(template.New("patch").Parse(`# kubectl patch deployment NAME --patch-file THIS
spec:
  template:
    spec:
      shareProcessNamespace: true # the numbers of the relay's process
{{- if .Native}}
      initContainers:
{{- else}}
      containers:
{{- end}}
        - name: relaypack
          image: "{{.Image}}"
          imagePullPolicy: IfNotPresent
{{- if .Native}}
          restartPolicy: Always
{{- end}}
          args: [serve]
          env:
            - {name: RELAYPACK_RELAY_URL, value: "http://127.0.0.1:{{.Port}}"}
            - {name: RELAYPACK_POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            - {name: RELAYPACK_POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
            - {name: RELAYPACK_NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
{{- if .Secret}}
            - {name: RELAYPACK_ADMIN_TOKEN_FILE, value: /run/relaypack/admin}
            - {name: RELAYPACK_PSEUDONYM_KEY_FILE, value: /run/relaypack/names}
            - {name: RELAYPACK_RELAY_TOKEN_FILE, value: /run/relaypack/relay}
{{- end}}
{{- if .Container}}
            - {name: RELAYPACK_RELAY_MEMORY_LIMIT, valueFrom: {resourceFieldRef: {containerName: {{.Container}}, resource: limits.memory}}}
{{- end}}
            - {name: RELAYPACK_STATE_DIR, value: /var/lib/relaypack/state}
{{- if .Kubernetes}}
            - {name: RELAYPACK_KUBERNETES, value: "on"}
{{- if .Container}}
            - {name: RELAYPACK_RELAY_CONTAINER, value: "{{.Container}}"}
{{- end}}
            - {name: RELAYPACK_KUBERNETES_LOG_LINES, value: "0"}
{{- end}}
            - {name: GOMEMLIMIT, value: "60397977"} # 90 % of the limit
          ports:
            - {name: relaypack-probe, containerPort: 9732, protocol: TCP}
          livenessProbe: # restarts the agent alone; no other probe, so that the pod does not wait for it
            httpGet: {path: /livez, port: relaypack-probe}
            periodSeconds: 10
            timeoutSeconds: 3
            failureThreshold: 6
          resources: # requests as limits: the pod keeps its QoS class
            requests: {cpu: 100m, memory: 64Mi, ephemeral-storage: 256Mi}
            limits: {cpu: 100m, memory: 64Mi}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            privileged: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
            runAsUser: 65532
            runAsGroup: 65532
            seccompProfile: {type: RuntimeDefault}
          volumeMounts:
{{- if .Secret}}
            - {name: relaypack-secrets, mountPath: /run/relaypack, readOnly: true}
{{- end}}
            - {name: relaypack-state, mountPath: /var/lib/relaypack}
{{- if .Kubernetes}}
            - {name: relaypack-account, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
{{- end}}
      volumes:
{{- if .Secret}}
        - name: relaypack-secrets
          projected:
            defaultMode: 0444
            sources:
              - secret: {name: {{.Secret}}, optional: true, items: [{key: admin-token, path: admin}]}
              - secret: {name: {{.Secret}}, optional: true, items: [{key: pseudonym-key, path: names}]}
              - secret: {name: {{.Secret}}, optional: true, items: [{key: relay-token, path: relay}]}
{{- end}}
        - name: relaypack-state
          emptyDir: {sizeLimit: 256Mi}
{{- if .Kubernetes}}
        - name: relaypack-account
          projected:
            defaultMode: 0444
            sources:
              - serviceAccountToken: {path: token, expirationSeconds: 3607}
              - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
              - downwardAPI: {items: [{path: namespace, fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}]}
{{- end}}
`))
