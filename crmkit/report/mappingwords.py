"""What is wrong with a mapping file, by its code (sources/mapping.py)."""

from crmkit.report.words import later

MAPPING_REASONS: dict[str, str] = {
    "mapping-table": later("unknown table [{table}]; known: customers products orders"),
    "mapping-no-table": later("no table [customers], [products] or [orders]"),
    "mapping-key": later("unknown key {key} above the tables"),
    "mapping-text": later("{key} must be a text in quotes"),
    "mapping-number": later("{key} must be a whole number"),
    "mapping-translations": later("{key} must be a table of words and what they mean"),
    "mapping-words": later('{key} must be a list of words: ["-", "n/a"]'),
    "mapping-one-of": later("{key} must be one of: {fields}"),
    "mapping-field": later("unknown field {key}; known: {fields}"),
    "mapping-spec": later("{key} must be the name of a column, or a table"),
    "mapping-word": later("{key}: unknown word {word}; known: {fields}"),
    "mapping-either": later("{key} needs either column or value"),
    "mapping-from-one": later("{key}: last, without_last and times are numbers from 1"),
    "mapping-needs": later("[{table}] needs {fields}"),
    "mapping-column": later("the file has no column {column}; it has: {header}"),
}
