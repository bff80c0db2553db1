#!/usr/bin/env bash
# The GitHub action's step: annotations and a job summary, a SARIF log if one is wanted, and the status as an output.
set -uo pipefail
read -r -a paths <<<"${CHECK_PATHS:-}"
read -r -a arguments <<<"${CHECK_ARGUMENTS:-}"
flowcheck check --format github "${arguments[@]}" "${paths[@]}"
status=$?
if [ -n "${CHECK_SARIF:-}" ]; then
  flowcheck check --quiet --format sarif --output "$CHECK_SARIF" "${arguments[@]}" "${paths[@]}" || [ $? = 1 ]
fi
echo "status=$status" >>"${GITHUB_OUTPUT:-/dev/null}"
exit $status
