{{/* What a Deployment selects its pods by: these never change. */}}
{{- define "tidegate.selector" -}}
app.kubernetes.io/name: tidegate
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: {{ .Values.mode }}
{{- end }}

{{- define "tidegate.labels" -}}
{{ include "tidegate.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | trimAll "-_." | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* The settings that every container of Tidegate has; its name, command and probes stand before it. */}}
{{- define "tidegate.container" -}}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
env:
  - name: POD_NAME
    valueFrom:
      fieldRef:
        fieldPath: metadata.name
  - name: TIDEGATE_CONFIG
    value: /etc/tidegate/tidegate.yaml
resources:
  {{- toYaml .Values.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  capabilities:
    drop: [ALL]
  seccompProfile:
    type: RuntimeDefault
volumeMounts:
  - name: tidegate-config
    mountPath: /etc/tidegate
    readOnly: true
  {{- if or .Values.changelog .Values.changelogFrom }}
  - name: tidegate-changelog
    mountPath: /changelog
    readOnly: true
  {{- end }}
  {{- if .Values.secretName }}
  - name: tidegate-secrets
    mountPath: /secrets
    readOnly: true
  {{- end }}
{{- end }}

{{- define "tidegate.probes" -}}
ports:
  - name: tidegate
    containerPort: 8433
# An hour for waiting and migrating.
startupProbe:
  httpGet:
    path: /ready
    port: tidegate
  periodSeconds: 1
  failureThreshold: 3600
readinessProbe:
  httpGet:
    path: /ready
    port: tidegate
  periodSeconds: 5
  failureThreshold: 1
livenessProbe:
  httpGet:
    path: /live
    port: tidegate
  periodSeconds: 10
  failureThreshold: 3
{{- end }}

{{/* For the initContainers of another chart: include "tidegate.sidecar" .Subcharts.tidegate */}}
{{- define "tidegate.sidecar" -}}
- name: tidegate
  args: ["run"]
  restartPolicy: Always
  {{- include "tidegate.probes" . | nindent 2 }}
  {{- include "tidegate.container" . | nindent 2 }}
{{- end }}

{{/* For the volumes of the same pod. */}}
{{- define "tidegate.volumes" -}}
- name: tidegate-config
  configMap:
    name: {{ .Release.Name }}-tidegate
{{- if .Values.changelogFrom }}
- name: tidegate-changelog
  {{- toYaml .Values.changelogFrom | nindent 2 }}
{{- else if .Values.changelog }}
- name: tidegate-changelog
  configMap:
    name: {{ .Release.Name }}-tidegate-changelog
{{- end }}
{{- if .Values.secretName }}
- name: tidegate-secrets
  secret:
    secretName: {{ .Values.secretName }}
{{- end }}
{{- end }}

{{- define "tidegate.pod" -}}
automountServiceAccountToken: false
terminationGracePeriodSeconds: 40
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
