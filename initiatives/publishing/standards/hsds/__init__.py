"""The directory as HSDS, the Human Services Data Specification of Open Referral: fiches are services, porteurs
organizations, closed lists taxonomies."""

# The newest line whose schemas we hold whole; documents pass 3.0 as well.
VERSION = "3.1"
SCHEMAS = "https://raw.githubusercontent.com/openreferral/specification/3.1/schema"
