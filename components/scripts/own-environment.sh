# shellcheck shell=sh
# Read by a script before it does anything: starts it again without Pulumi's part of the environment, in which the
# passphrase of the stack may be. So neither docker nor ssh has it, nor what they start.
names=$(env | sed -n 's/^\(PULUMI_[A-Z0-9_]*\)=.*/-u \1/p')
# shellcheck disable=SC2086 # words
[ -z "$names" ] || exec env $names sh "$0" "$@"
