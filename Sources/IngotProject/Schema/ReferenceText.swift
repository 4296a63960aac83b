/// The prose around the generated tables of the reference.
enum ReferenceText {
    static let introduction = """
        # Project files

        A project is a folder with `ingot.yml`. This page lists every key of every file; it is generated from the
        declarations that Ingot reads the files with. `ingot validate --schema DIR` writes the same as JSON Schemas, which
        editors check and complete while you type.

        | path | what it is |
        |---|---|
        | `ingot.yml` | the project's name, its environments, and what they share |
        | `pipelines/**/*.yml` | one pipeline each: files in, silver tables out |
        | `models/**/*.sql` | one gold table or view each: a SELECT, with its settings in a comment at the top |
        | `seeds/*.csv` | one small reference table each: `seeds/rates.csv` is `seeds.rates` |
        | `seeds/*.yml` | types and descriptions of the seed of the same name |
        | `checks/**/*.yml` | one check of a table each: freshness or completeness |
        | `workflows/*.asl.yml`, `.asl.json` | one [workflow](workflows.md) each |
        | `loads/` | `.yml` files: what is brought into other databases |

        Files are UTF-8, at most 1 MiB, one YAML document each. An unknown key, a repeated key or a tab is an error.
        Anchors, aliases and merge keys (`<<`) work, within limits. Names of columns may hold any character but control
        characters; names of tables are lower-case letters, digits and `_`; other names may hold capitals and `-` too.

        ## Values

        - **Durations** are numbers with units, `90 s`, `12h`, `7 days`, `1 hour 30 minutes`: `ms`, `s`, `m`, `h`, `d`, `w`
          and their names. Months and years have no fixed length and are none.
        - **Sizes** are a number with a unit: `B`, `kB`, `MB`, `GB`, `TB` count thousands, `KiB`, `MiB`, `GiB`, `TiB` 1024s.
        - **Data types** are DuckDB's names of the types that Iceberg tables have: `boolean`, `integer`, `bigint`, `float`,
          `double`, `decimal(p,s)`, `varchar`, `date`, `time`, `timestamp`, `timestamptz`, `uuid`, `blob`, `json` (kept as
          text), `type[]`, `struct(name type, ...)`, `map(key, value)`.
        - **`${VAR}`** in paths, connections and notifications reads an environment variable when the value is used;
          `${VAR:-default}` has a default for one that is unset or empty. **`${secret:name}`** reads a secret in connections
          and notifications; its value is never shown. `$${` stands for the two characters `${`.
        - **`variables`** are read by SQL, in models, rules and expressions, with `getvariable('name')`.

        ## Environments

        `dev` is always there. An environment's `settings`, `variables`, `connections` and `notifications` are merged by name
        into those at the top of `ingot.yml`; where both have a name, the environment's value replaces the other as a whole.
        `dev` keeps its tables in `lake/`, its objects in `bronze/` and its state in `.ingot/`; any other environment keeps
        all of it under `.ingot/<environment>/` unless it says otherwise, so that no two share anything.

        ## A row's way

        text, `null_values`, `transform`, cast to `data_type`, `default`, the seeds of `relationships`, `expression`s, the
        tests of the columns, `rules`, `unique_key`. Each test and rule that fails adds a reason; NULL passes all of them but
        `not_null`. A cast that would lose something rejects the row unless the column says `coerce: true`.

        """

    static let closing = """
        ## Selecting

        `--select` takes dbt's grammar. Words separated by blanks unite; commas inside a word intersect.

        | selector | selects |
        |---|---|
        | `users` | the pipeline, model or table of that name; `*` is any text, `?` any character |
        | `+x`, `x+`, `+x+` | and everything that leads to it, that it leads to, or both |
        | `2+x`, `x+1` | the same, only so many steps |
        | `@x` | what it leads to, and everything that leads to those |
        | `tag:x` | what has that tag |
        | `path:x` | what is declared in that file or folder |
        | `pipeline:x`, `model:x`, `seed:x`, `check:x`, `load:x` | only that kind |

        """
}
