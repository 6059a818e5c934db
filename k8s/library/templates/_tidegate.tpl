{{/*
Both templates take a dictionary:
  env           what the app has in its own env, such as DATABASE_URL: it is what is checked
  envFrom       the same of its envFrom
  replicas      how many replicas of the app there are; may be left out where rights to count them are granted
  volumeMounts  for files that are named in env
  image         tidegate:0.1.0, unless given
  resources     unless given, those of the example manifests
*/}}

{{/* For the initContainers of a pod: checks, waits, and migrates where env names a changelog. */}}
{{- define "tidegate-library.init-container" -}}
- name: tidegate
  args: ["init"]
  {{- include "tidegate-library.container" . | nindent 2 }}
{{- end }}

{{/* For the initContainers too: goes on to watch beside the app. */}}
{{- define "tidegate-library.sidecar" -}}
- name: tidegate
  args: ["run"]
  restartPolicy: Always
  ports:
    - name: tidegate
      containerPort: 8433
  startupProbe:
    httpGet: {path: /ready, port: tidegate}
    periodSeconds: 1
    failureThreshold: 3600
  readinessProbe:
    httpGet: {path: /ready, port: tidegate}
    periodSeconds: 5
    failureThreshold: 1
  livenessProbe:
    httpGet: {path: /live, port: tidegate}
    periodSeconds: 10
    failureThreshold: 3
  {{- include "tidegate-library.container" . | nindent 2 }}
{{- end }}

{{- define "tidegate-library.container" -}}
image: {{ .image | default "tidegate:0.1.0" | quote }}
env:
  - name: POD_NAME
    valueFrom:
      fieldRef:
        fieldPath: metadata.name
  {{- with .replicas }}
  - name: TIDEGATE_REPLICAS
    value: {{ . | quote }}
  {{- end }}
  {{- with .env }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .envFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .volumeMounts }}
volumeMounts:
  {{- toYaml . | nindent 2 }}
{{- end }}
resources:
  {{- .resources | default (dict "requests" (dict "cpu" "50m" "memory" "96Mi") "limits" (dict "memory" "160Mi")) | toYaml | nindent 2 }}
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
{{- end }}
