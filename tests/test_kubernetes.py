"""The manifests of Kubernetes: valid, closed, and running the very programs of make up."""

import re
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from django.conf import settings

from config.celery import app
from config.processes import PROCESSES
from tests.test_deployment import names_in

FOLDER = Path(settings.BASE_DIR) / "config" / "deploy" / "kubernetes"
DOCUMENTS = {
    f"{file.parent.name}/{document['kind']}-{document['metadata']['name']}": document
    for file in sorted(FOLDER.glob("*/*.yaml"))
    if file.name != "kustomization.yaml"
    for document in yaml.safe_load_all(file.read_text())
}
PODS = {
    document["metadata"]["name"]: document["spec"]["template"]
    for document in DOCUMENTS.values()
    if document["kind"] in {"Deployment", "Job"}
}
VERSIONS = ("1.30", kubernetes_validate.latest_version())


def of_kind(kind):
    found = [each for each in DOCUMENTS.values() if each["kind"] == kind]
    return {each["metadata"]["name"]: each for each in found}


def container(name):
    (only,) = PODS[name]["spec"]["containers"]
    return only


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_manifest_is_what_the_schema_says(name, version):
    kubernetes_validate.validate(DOCUMENTS[name], version, strict=True)


def test_every_file_is_named_where_kustomize_reads():
    for chosen in ("migrate", "site"):
        read = yaml.safe_load((FOLDER / chosen / "kustomization.yaml").read_text())

        files = {file.name for file in (FOLDER / chosen).iterdir()} - {"kustomization.yaml"}
        assert set(read["resources"]) == files
        assert [(FOLDER / chosen / each).resolve() for each in read["components"]] == [
            FOLDER / "image"
        ]


def test_the_image_is_taken_by_digest():
    (image,) = yaml.safe_load((FOLDER / "image" / "kustomization.yaml").read_text())["images"]

    assert re.fullmatch(r"sha256:[0-9a-f]{64}", image["digest"])
    assert {container(name)["image"] for name in PODS} == {image["name"]}


def test_what_runs_is_what_make_up_runs():
    assert PODS.keys() == {*PROCESSES, "migrate"}
    for name, process in PROCESSES.items():
        assert container(name)["command"] == ["python", "-m", *process.command]
        given = {each["name"]: each["value"] for each in container(name).get("env", [])}
        assert process.environment.items() <= given.items()


def test_migrations_have_the_time_that_compose_gives_them():
    compose = yaml.safe_load((Path(settings.BASE_DIR) / "docker-compose.yml").read_text())
    given = {each["name"]: each["value"] for each in container("migrate")["env"]}

    assert given.items() <= compose["services"]["migrate"]["environment"].items()


def test_every_queue_has_a_worker():
    served = set()
    for name in PODS:
        words = container(name)["command"]
        if "--queues" in words:
            served |= set(words[words.index("--queues") + 1].split(","))

    assert served == {queue.name for queue in app.conf.task_queues}


def test_there_is_never_a_second_beat():
    beat = of_kind("Deployment")["beat"]["spec"]

    assert (beat["replicas"], beat["strategy"]) == (1, {"type": "Recreate"})


@pytest.mark.parametrize("name", PODS)
def test_a_pod_may_do_nothing_but_its_work(name):
    pod, only = PODS[name]["spec"], container(name)

    assert pod["securityContext"] == {
        "runAsNonRoot": True, "runAsUser": 10001, "runAsGroup": 10001, "fsGroup": 10001,
        "seccompProfile": {"type": "RuntimeDefault"},
    }  # fmt: skip
    assert only["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is False
    # Else a service called "redis" would set REDIS_PORT, and the like.
    assert pod["enableServiceLinks"] is False
    assert {each["mountPath"] for each in only["volumeMounts"]} == {"/var/lib/foothold", "/tmp"}  # noqa: S108
    assert only["resources"].keys() == {"requests", "limits"}
    assert "memory" in only["resources"]["limits"]


@pytest.mark.parametrize("name", PROCESSES)
def test_a_program_is_watched(name):
    assert "livenessProbe" in container(name)


def test_a_web_process_is_asked_only_for_itself(client):
    only = container("web")
    probes = [only[f"{kind}Probe"] for kind in ("startup", "readiness", "liveness")]

    assert {probe["httpGet"]["path"] for probe in probes} == {"/healthz"}
    (port,) = only["ports"]
    (service,) = of_kind("Service")["web"]["spec"]["ports"]
    assert (service["targetPort"], port["containerPort"]) == (port["name"], 8000)
    assert "--bind=0.0.0.0:8000" in {each["value"] for each in only["env"]}
    assert client.get("/healthz", headers={"Host": "10.1.2.3:8000"}).status_code == 200


def test_settings_are_those_that_the_site_reads():
    example = names_in((Path(settings.BASE_DIR) / ".env.example").read_text())
    open_ones = of_kind("ConfigMap")["foothold"]["data"].keys()
    secret = names_in((FOLDER / "secret.env.example").read_text())

    assert open_ones | secret <= example
    assert not open_ones & secret
    needed = {"SECRET_KEY", "SITE_URL", "DATABASE_URL", "REDIS_URL", "TRUSTED_PROXIES", "S3_BUCKET"}
    assert needed <= open_ones | secret
    assert not {name for name in open_ones if re.search("KEY|PASSWORD|TOKEN|DSN|DATABASE", name)}


def test_selectors_choose_the_pods_that_they_mean():
    labels = {name: pod["metadata"]["labels"] for name, pod in PODS.items()}

    def chosen(selector):
        wanted = selector.get("matchLabels", {}).items()
        return {name for name, given in labels.items() if wanted <= given.items()}

    for name, each in of_kind("Deployment").items():
        assert chosen(each["spec"]["selector"]) == {name}
    assert chosen({"matchLabels": of_kind("Service")["web"]["spec"]["selector"]}) == {"web"}
    assert chosen(of_kind("PodDisruptionBudget")["web"]["spec"]["selector"]) == {"web"}
    policies = {
        name: chosen(each["spec"]["podSelector"]) for name, each in of_kind("NetworkPolicy").items()
    }
    assert policies == {
        "nothing-else": PODS.keys(),
        "into-web": {"web"},
        "out-of-all": PODS.keys(),
        "out-of-outgoing": {"outgoing"},
    }


def test_what_no_policy_names_is_closed():
    policy = of_kind("NetworkPolicy")["nothing-else"]["spec"]

    assert policy == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
