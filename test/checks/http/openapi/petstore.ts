/** The petstore of the OpenAPI initiative, with what its answers have besides; version 3.0 or 3.1. */
export function petstore(version: '3.0.3' | '3.1.0'): string {
  const isOld = version === '3.0.3'
  return `openapi: ${version}
info: { title: Petstore, version: 1.0.0 }
servers: [{ url: https://petstore.example.com/v1 }]
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        200:
          description: A page of pets.
          headers:
            X-Next: { description: A link., schema: { type: string, format: uri } }
            X-Total: { required: true, schema: { type: integer, minimum: 0 } }
          content:
            application/json: { schema: { $ref: '#/components/schemas/Pets' } }
        4XX: { $ref: '#/components/responses/Problem' }
    post:
      operationId: createPet
      responses: { 201: { description: Made. }, default: { $ref: '#/components/responses/Problem' } }
  /pets/{petId}:
    parameters: [{ name: petId, in: path, required: true, schema: { type: string } }]
    get:
      responses:
        200: { description: One pet., content: { application/*: { schema: { $ref: '#/components/schemas/Pet' } } } }
  /photo:
    get:
      operationId: photo
      responses: { 200: { description: A photo., content: { image/png: {}, text/html: {} } } }
components:
  responses:
    Problem:
      description: What went wrong.
      content: { application/problem+json: { schema: { required: [title], properties: { title: { type: string } } } } }
  schemas:
    Pet:
      type: object
      required: [id, name, secret]
      properties:
        id: { type: integer, format: int64 }
        name: { type: string, pattern: '^[A-Z]' }
        tag: ${isOld ? '{ type: string, nullable: true, enum: [cat, dog] }' : '{ type: [string, "null"], enum: [cat, dog, null] }'}
        weight: ${isOld ? '{ type: number, minimum: 0, exclusiveMinimum: true }' : '{ type: number, exclusiveMinimum: 0 }'}
        secret: { type: string, writeOnly: true }
        default: { $ref: '#/components/schemas/Pet' }
        parent: { $ref: 'more.json#/Parent' }
        example: { example: { $ref: nowhere.json } }
    Pets: { type: array, maxItems: 2, items: { $ref: '#/components/schemas/Pet' } }
`
}

/** What the petstore refers to. */
export const more = JSON.stringify({ Parent: { type: 'object', properties: { id: { type: 'integer' } } } })
