"""The schema is a contract: committed, complete and true."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from config.api import MEDIA_TYPE
from config.contract.describing import METHODS
from config.contract.scopes import scope_for

COMMITTED = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"

# Writing the schema takes seconds: the tests that read it share one process.
pytestmark = pytest.mark.xdist_group("openapi")


@pytest.fixture(scope="module")
def generated():
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture(scope="module")
def schema(generated):
    return read(OpenApiYamlRenderer().render(generated, renderer_context={}))


def read(text):
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def operations(schema):
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def test_the_committed_schema_is_what_the_code_does(schema):
    committed = read(COMMITTED.read_text())

    assert committed == schema, "manage.py spectacular --file docs/openapi.yaml"


def test_it_is_openapi_3_1(schema):
    assert schema["openapi"].startswith("3.1")
    validate_schema(schema)


def test_every_operation_says_what_it_does_and_how_it_refuses(schema):
    lacking = []
    for path, method, operation in operations(schema):
        statuses = set(operation["responses"])
        wanted = {"400", "401", "403", "404", "422", "429"}
        if method != "get":
            wanted |= {"409", "413", "415"}
        if not operation.get("summary") or not wanted <= statuses:
            lacking.append((path, method))
    assert lacking == []


def test_every_body_has_an_example_that_fits_its_shape(schema):
    wrong = []
    for path, method, operation in operations(schema):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for body in bodies:
            content = body.get("content", {}).get("application/json")
            if content is None:
                continue
            examples = [content["example"]] if "example" in content else []
            examples += [each["value"] for each in content.get("examples", {}).values()]
            shape = {**content["schema"], "components": schema["components"]}
            validator = Draft202012Validator(shape)
            if not examples:
                wrong.append((path, method, "no example"))
            wrong += [
                (path, method, error.json_path, error.message[:100])
                for example in examples
                for error in validator.iter_errors(example)
            ]
    assert wrong == []


def test_every_refusal_has_an_example_that_is_a_problem(schema):
    wrong = []
    problem = Draft202012Validator(schema["components"]["schemas"]["Problem"])
    for path, method, operation in operations(schema):
        for code, answer in operation["responses"].items():
            if not code.startswith("4"):
                continue
            named = answer.get("$ref", "").rsplit("/", 1)[-1]
            said = schema["components"]["responses"].get(named, answer)
            example = said.get("content", {}).get(MEDIA_TYPE, {}).get("example", {})
            if example.get("status") != int(code) or not problem.is_valid(example):
                wrong.append((path, method, code))
    assert wrong == []


def test_no_two_operations_share_a_name(schema):
    names = [operation["operationId"] for _, _, operation in operations(schema)]

    assert len(set(names)) == len(names)
    assert not [name for name in names if name.endswith("_2")]


def test_every_operation_needs_a_known_scope(schema):
    closed = [
        (path, method)
        for path, method, _ in operations(schema)
        if path.startswith("/api/v1/") and scope_for(path, method.upper()) == "nothing"
    ]
    assert closed == []
