"""Programs for containers, clients and Pulumi's commands; the Pulumi program imports none of them."""
