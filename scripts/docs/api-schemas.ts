import ts from 'typescript';

type Schema = Readonly<Record<string, unknown>>;

const SIMPLE: Readonly<Partial<Record<ts.SyntaxKind, Schema>>> = {
  [ts.SyntaxKind.StringKeyword]: { type: 'string' },
  [ts.SyntaxKind.NumberKeyword]: { type: 'number' },
  [ts.SyntaxKind.BooleanKeyword]: { type: 'boolean' },
};

/** The types of a file as JSON schemas, with what is said of them. Throws at a type that it does not know. */
export function apiSchemas(text: string): Readonly<Record<string, Schema>> {
  const file = ts.createSourceFile('api.ts', text, ts.ScriptTarget.ES2022, true);
  const schemas: Record<string, Schema> = {};
  for (const statement of file.statements) {
    if (ts.isInterfaceDeclaration(statement))
      schemas[statement.name.text] = described(statement, objectOf(statement.members));
    if (ts.isTypeAliasDeclaration(statement))
      schemas[statement.name.text] = described(statement, schemaOf(statement.type));
  }
  return schemas;
}

function described(node: ts.Node, schema: Schema): Schema {
  const [comment] = ts.getJSDocCommentsAndTags(node);
  const text = comment === undefined ? undefined : ts.getTextOfJSDocComment(comment.comment);
  if (text === undefined) return schema;
  const description = text.replace(/\s+/g, ' ');
  return '$ref' in schema ? { allOf: [schema], description } : { ...schema, description };
}

function objectOf(members: ts.NodeArray<ts.TypeElement>): Schema {
  const properties = members.filter(ts.isPropertySignature).map((member) => {
    if (member.type === undefined) throw new Error(`${member.getText()} has no type`);
    return [member.name.getText(), described(member, schemaOf(member.type)), member.questionToken] as const;
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties.map(([name, schema]) => [name, schema])),
    required: properties.filter(([, , optional]) => optional === undefined).map(([name]) => name),
  };
}

function schemaOf(type: ts.TypeNode): Schema {
  const simple = SIMPLE[type.kind];
  if (simple !== undefined) return simple;
  if (ts.isParenthesizedTypeNode(type) || ts.isTypeOperatorNode(type)) return schemaOf(type.type);
  if (ts.isTypeLiteralNode(type)) return objectOf(type.members);
  if (ts.isArrayTypeNode(type)) return { type: 'array', items: schemaOf(type.elementType) };
  if (ts.isUnionTypeNode(type)) return { anyOf: type.types.map(schemaOf) };
  if (ts.isLiteralTypeNode(type))
    return type.literal.kind === ts.SyntaxKind.NullKeyword
      ? { type: 'null' }
      : { const: JSON.parse(type.literal.getText().replaceAll("'", '"')) };
  if (ts.isTypeReferenceNode(type)) {
    const [item] = type.typeArguments ?? [];
    if (item !== undefined && type.typeName.getText() === 'ReadonlyArray')
      return { type: 'array', items: schemaOf(item) };
    if (item === undefined) return { $ref: `#/components/schemas/${type.typeName.getText()}` };
  }
  throw new Error(`${type.getText()} is no type that the description of the API can tell`);
}

/** A module that holds them as one line, for the program. */
export function schemasModule(text: string): string {
  const literal = JSON.stringify(apiSchemas(text)).replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `/** The types of api.ts as JSON schemas: made by \`npm run docs\`. */\nexport const API_SCHEMAS =\n  '${literal}';\n`;
}
