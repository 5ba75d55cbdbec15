"""The packaged artefact: one zip, one CloudFormation template, and the way they get deployed.

python -m infra.packaging            build/package/{deployment.zip, sam.json, template.json}
python -m infra.packaging.deploy     the same, then into an AWS account
python -m infra.packaging.policies   rewrite .chalice/policy-*.json from infra/policies
"""
