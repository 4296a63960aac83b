import IngotCore

extension ValueType where Value == Column.Relationship {
    static let relationship = object(
        "relationships",
        "A test that a value stands in a column of a seed, in dbt's words. It also joins the seed's row to the "
            + "record: with `to: seeds.rates`, expressions and rules can use `rates.rate`.",
        keys: RelationshipKeys.all,
        decode: RelationshipKeys.decode
    )
}

private enum RelationshipKeys {
    static let to = Key.required("to", ValueType<TableName>.tableName(in: ["seeds"]).located, "The seed.")
    static let field = Key.required(
        "field",
        ValueType<String>.fieldName.located,
        "The seed's column that holds the value; no value stands in it twice."
    )
    static let alias = Key(
        "as",
        ValueType<String>.bareTableName.located,
        "The name of the seed's row in expressions and rules; the seed's own name where it is absent."
    )

    static let all = [to.shape, field.shape, alias.shape]

    @Sendable
    static func decode(_ reader: ObjectReader) -> Column.Relationship? {
        let to = reader.value(to)
        let field = reader.value(field)
        let alias = reader.value(alias)
        guard let to, let field else { return nil }
        return Column.Relationship(to: to, field: field, alias: alias ?? Located(to.value.name, at: to.location))
    }
}
