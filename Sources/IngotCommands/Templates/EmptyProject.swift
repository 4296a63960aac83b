/// The files of a new project without pipelines, with comments that show what can be written.
enum EmptyProject {
    /// What there is to say of a project with nothing to run.
    static let notice = """
        Nothing to do: no pipelines and no models are there, or none were selected.
          try: ingot init --from FILE
        """

    /// The files; the first two are what every project needs.
    static func files(named name: String) -> [ProjectFile] {
        [
            ProjectFile("ingot.yml", configuration(name)), ProjectFile(".gitignore", ignored),
            ProjectFile("README.md", "# \(name)\n\n" + [pipelines, models, seeds].joined(separator: "\n")),
            ProjectFile("pipelines/.gitkeep", ""), ProjectFile("models/.gitkeep", ""),
            ProjectFile("seeds/.gitkeep", ""),
        ]
    }

    private static func configuration(_ name: String) -> String {
        """
        name: \(name)

        # Environments are named sets of settings. Without any, there is `dev`: tables in lake/, exact copies of the
        # objects in bronze/, state in .ingot/.
        # environments:
        #   dev: {}
        #   prod: {lake: /srv/lake, bronze: /srv/bronze}

        # settings: {memory_limit: 2GB, threads: 2}

        """
    }

    private static let ignored = """
        # What runs write.
        .ingot/
        lake/
        bronze/

        """

    private static let pipelines = """
        ## pipelines/

        One file a pipeline: from files that arrive in one place to one silver table. `ingot init --from FILE...` writes
        one for real files. By hand, `pipelines/users.yml`:

        ```yaml
        pipeline: users
        source:
          path: landing/users/
          format: csv                # csv | json | jsonl | parquet; .gz and .zst too
        columns:
          - {name: id,        data_type: bigint, not_null: true}
          - {name: email,     data_type: varchar, transform: "lower(trim(email))"}
          - {name: create_ts, data_type: timestamptz, not_null: true}
          - {name: update_ts, data_type: timestamptz}
        rules:
          - {name: updated_after_created, expression: update_ts >= create_ts}
        silver:
          table: silver.users
          event_time: create_ts
        ```

        """

    private static let models = """
        ## models/

        One SQL file a gold table. `models/accounts_per_day.sql` makes `gold.accounts_per_day`:

        ```sql
        /* @ingot
        description: Accounts created per day
        materialized: incremental
        incremental_strategy: delete+insert
        event_time: day
        batch_size: day
        */
        SELECT create_ts::date AS day, count(*) AS accounts
        FROM silver.users
        GROUP BY 1
        ```

        """

    private static let seeds = """
        ## seeds/

        Small reference tables, kept with the project: `seeds/rates.csv` is the table `seeds.rates`. Models read it like
        any table, and a pipeline's column can be checked against it with `relationships`.

        """
}
