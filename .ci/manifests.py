"""Validates manifests: manifests.py VERSIONS CRDS FILE...; or prints the rules of a PrometheusRule: manifests.py alerts FILE.

Each document is held to the schema of its kind, unknown fields refused, in each of the versions; kinds of
custom resources to the definitions in the directory CRDS, where it is there; and each pod to the pod
security standard "restricted".
"""

import pathlib
import sys

import jsonschema
import kubernetes_validate
import kubernetes_validate.utils
import referencing
import yaml


def documents(file):
    return [one for one in yaml.safe_load_all(pathlib.Path(file).read_text()) if one]


def strict(schema):
    """Refuses fields that a custom resource's schema does not have."""
    if isinstance(schema, dict):
        closed = schema.get("type") == "object" and "properties" in schema
        if closed and "x-kubernetes-preserve-unknown-fields" not in schema:
            schema.setdefault("additionalProperties", False)
        if schema.pop("x-kubernetes-int-or-string", False):
            schema.pop("anyOf", None)
            schema["type"] = ["integer", "string"]
        for value in schema.values():
            strict(value)
    elif isinstance(schema, list):
        for value in schema:
            strict(value)


def custom(folder):
    schemas = {}
    for file in pathlib.Path(folder).glob("*.yaml"):
        for definition in documents(file):
            spec = definition["spec"]
            for version in spec["versions"]:
                schema = version["schema"]["openAPIV3Schema"]
                schema["properties"]["metadata"] = {"type": "object"}
                strict(schema)
                name = f"{spec['group']}/{version['name']} {spec['names']['kind']}"
                schemas[name] = jsonschema.Draft4Validator(schema)
    return schemas


def pod_of(document):
    spec = document.get("spec", {})
    if document["kind"] == "Pod":
        return spec
    if document["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec.get("template", {}).get("spec")


def unrestricted(pod):
    """What the standard "restricted" would refuse: https://kubernetes.io/docs/concepts/security/pod-security-standards/"""
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(field):
            yield field
    allowed = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
    for volume in pod.get("volumes", []):
        if not set(volume) - {"name"} <= allowed:
            yield f"volume {volume['name']}"
    whole = pod.get("securityContext", {})
    for container in pod.get("initContainers", []) + pod["containers"]:
        own = container.get("securityContext", {})
        both = {**whole, **own}
        if own.get("allowPrivilegeEscalation") is not False:
            yield f"{container['name']}: allowPrivilegeEscalation"
        if own.get("privileged"):
            yield f"{container['name']}: privileged"
        if own.get("capabilities", {}).get("drop") != ["ALL"] or own["capabilities"].get("add"):
            yield f"{container['name']}: capabilities"
        if both.get("runAsNonRoot") is not True or both.get("runAsUser") == 0:
            yield f"{container['name']}: runAsNonRoot"
        if both.get("seccompProfile", {}).get("type") not in ("RuntimeDefault", "Localhost"):
            yield f"{container['name']}: seccompProfile"
        for port in container.get("ports", []):
            if port.get("hostPort"):
                yield f"{container['name']}: hostPort"


# What the API answers instead of an object: the package does not find these by their apiVersion.
META = {"v1 Status": "status-meta-v1", "v1 APIResourceList": "apiresourcelist-meta-v1"}


def meta_schema(version, name):
    folder = f"kubernetes-json-schema/v{version}.0-local-strict"
    schema, shared = (
        kubernetes_validate.utils.schema_contents(f"{folder}/{name}.json", version)
        for name in (name, "_definitions")
    )
    registry = referencing.Resource.from_contents(shared) @ referencing.Registry()
    return jsonschema.Draft202012Validator(schema, registry=registry)


def faults(document, versions, schemas):
    kind = f"{document['apiVersion']} {document['kind']}"
    if document["apiVersion"].startswith("monitoring.coreos.com/"):
        if kind in schemas:
            for error in schemas[kind].iter_errors(document):
                yield f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
        return
    for version in versions:
        try:
            if kind in META:
                meta_schema(version, META[kind]).validate(document)
            else:
                kubernetes_validate.validate(document, version, strict=True)
        except jsonschema.ValidationError as error:
            yield f"Kubernetes {version}: {'.'.join(map(str, error.path))}: {error.message}"
        except kubernetes_validate.SchemaNotFoundError:
            yield f"Kubernetes {version} has no {kind}"
    pod = pod_of(document)
    if pod:
        for fault in unrestricted(pod):
            yield f"not restricted: {fault}"


def main(versions, crds, *files):
    schemas = custom(crds)
    wrong = count = 0
    for file in files:
        for document in documents(file):
            count += 1
            for fault in faults(document, versions.split(","), schemas):
                wrong += 1
                name = document.get("metadata", {}).get("name", "")
                print(f"{file}: {document['kind']} {name}: {fault}")
    print(f"{count} documents, {wrong} faults")
    return 1 if wrong or not count else 0


def alerts(file):
    rules = [one["spec"] for one in documents(file) if one["kind"] == "PrometheusRule"]
    yaml.safe_dump(rules[0], sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(alerts(sys.argv[2]) if sys.argv[1] == "alerts" else main(*sys.argv[1:]))
