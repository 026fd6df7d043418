import DataStudio
import JSON

/// The OpenAPI 3.0.3 document of an API description.
///
/// Schemas are read off sample requests and replies that are made as the real ones are, so they cannot differ.
struct OpenAPIWriter {
    private let description: APIDescription
    private let ids: Scenario.IDKind
    private let writer: ReplyWriter

    init(_ description: APIDescription, ids: Scenario.IDKind) {
        self.description = description
        writer = ReplyWriter(description: description)
        self.ids = ids
    }

    var json: JSON {
        .record([
            "openapi": "3.0.3",
            "info": .record([
                "title": .string(DocumentationPage.title),
                "version": "1.0",
                "description": "A simulation. Paths and names are those of an API description of Baton.",
            ]),
            "tags": ["Jobs", "Workflows", "Datasets", "Administration"].map { .record(["name": $0]) }.asArray,
            "paths": paths,
            "components": .record([
                "securitySchemes": .record(["ApiKey": securityScheme]),
                "schemas": .record([
                    "Job": jobSchema,
                    "Workflow": workflowSchema,
                    "Error": writer.error(Refusal(404, "")).schema(),
                ]),
            ]),
            "security": [.record(["ApiKey": []])],
        ])
    }

    private var securityScheme: JSON {
        let form = StudioAPI(description).authorization(environment: "<environment>", key: "<API key>")
        return .record([
            "type": "apiKey", "in": "header", "name": "Authorization",
            "description": .string("\(form), where <environment> is the external label of the environment"),
        ])
    }

    // MARK: Operations

    private var paths: JSON {
        var paths = JSON.object([])
        for name in Operation.allCases {
            guard let operation = description.operations[name] else { continue }
            paths.set(
                self.operation(name, operation),
                at: [description.base + operation.path, operation.method.lowercased()])
        }
        return paths
    }

    private func operation(_ name: Operation, _ operation: OperationDescription) -> JSON {
        let parameters = parameters(operation)
        let error = JSON.record([
            "description": "Refused, or failed", "content": content(reference("Error")),
        ])
        return .record([
            "tags": [.string(name.tag)],
            "summary": .string(name.summary),
            "operationId": .string(name.rawValue),
            "parameters": parameters.isEmpty ? nil : .array(parameters),
            "requestBody": name == .executeWorkflow ? requestBody(operation) : nil,
            "responses": .record([
                "200": .record(["description": .string(name.result), "content": content(replySchema(name))]),
                "default": error,
            ]),
        ])
    }

    private func parameters(_ operation: OperationDescription) -> [JSON] {
        var parameters: [JSON] = []
        for placeholder in [Placeholder.jobId, .label] where TextTemplate(operation.path, placeholder) != nil {
            parameters.append(
                .record([
                    "name": .string(placeholder.rawValue), "in": "path", "required": true,
                    "schema": placeholder == .jobId ? sampleID.json.schema() : .record(["type": "string"]),
                ]))
        }
        for (name, text) in operation.query.sorted(by: { $0.key < $1.key }) {
            parameters.append(.record(["name": .string(name), "in": "query", "schema": querySchema(text)]))
        }
        return parameters
    }

    private func querySchema(_ template: String) -> JSON {
        let placeholder = Placeholder.allCases.first { TextTemplate(template, $0) != nil }
        return switch placeholder {
        case .page, .offset, .pageSize: .record(["type": "integer", "format": "int32"])
        case .createdAfter: .record(["type": "string", "format": "date-time"])
        case .createdAfterSeconds, .createdAfterMilliseconds: .record(["type": "integer", "format": "int64"])
        case .jobId: sampleID.json.schema()
        case .environment, .label: .record(["type": "string"])
        case nil: .record(["type": "string", "enum": [.string(template)]])
        }
    }

    // MARK: Schemas

    private func requestBody(_ operation: OperationDescription) -> JSON? {
        let names = operation.body
        let bodies = WorkflowVersion.allCases.map { version in
            let start = WorkflowStart(
                label: "wf1", space: "Customer", version: version, dependencies: version, refresh: true,
                parameters: [WorkflowParameter(name: "region", value: "north")],
                sources: [SourceReplacement(source: "Orders", dataset: "orders", columns: [])])
            return (try? StudioAPI(description).startRequest(start))?.body
        }
        guard let sample = bodies.first ?? nil else { return nil }
        var schema = sample.schema()
        for name in [names.version, names.dependencies].compactMap({ $0 }) {
            schema.set(.array(bodies.compactMap { $0?[name] }), at: ["properties", name, "enum"])
        }
        // Of the sample's parameters only the type of their values is meant.
        if let name = names.parameters { schema.set(JSON.object([]).schema(), at: ["properties", name]) }
        if let label = names.label { schema.set([.string(label)], at: ["required"]) }
        return .record(["required": true, "content": content(schema)])
    }

    private func replySchema(_ operation: Operation) -> JSON {
        switch operation {
        case .executeWorkflow: writer.start(sampleID.json).schema()
        case .getJob, .cancelJob: reference("Job")
        case .listJobs: listSchema(operation, of: reference("Job"))
        case .listWorkflows: listSchema(operation, of: reference("Workflow"))
        case .listSpaces: listSchema(operation, of: writer.space("Customer").schema())
        case .getDataset:
            writer.dataset(
                "customers", refreshed: Timestamp(milliseconds: 0), duration: .zero, at: Timestamp(milliseconds: 1)
            )
            .schema()
        case .keyInformation: writer.key(of: SimulatedStudio.user, expires: Timestamp(milliseconds: 0)).schema()
        case .refreshDataset, .executeSchedule: JSON.record(["type": "object"])
        }
    }

    private func listSchema(_ operation: Operation, of items: JSON) -> JSON {
        var schema = writer.list(operation, [], page: 0, pages: 1, total: 0).schema()
        let list = description.operations[operation]?.reply.list?.tokens ?? []
        schema.set(items, at: (list.asSchemaPlace + ["items"])[...])
        return schema
    }

    private var jobSchema: JSON {
        let workflow = SimulatedWorkflow(
            queued: .seconds(1), duration: .seconds(1), outcome: .failed, message: "Row 17", space: "Customer")
        let created = Timestamp(milliseconds: 0)
        let start = SimulatedStart(label: "wf1")
        let job = SimulatedJob(
            id: sampleID, start: start, workflow: workflow, user: SimulatedStudio.user, created: created)
        var schema = writer.job(job, at: created + .seconds(2)).schema(nullableIn: writer.job(job, at: created))
        let states = description.states.keys.sorted().map { JSON.string($0) }
        schema.set(.array(states), at: (description.job.state.tokens.asSchemaPlace + ["enum"])[...])
        return schema
    }

    private var workflowSchema: JSON {
        let sample = Scenario.Entry(label: "wf1", workflow: SimulatedWorkflow(space: "Customer"))
        let bare = Scenario.Entry(label: "wf1", workflow: SimulatedWorkflow())
        return writer.workflow(sample).schema(nullableIn: writer.workflow(bare))
    }

    private var sampleID: (id: JobID, json: JSON) {
        var source = IDSource(ids, seed: 0)
        return source.next()
    }

    private func content(_ schema: JSON) -> JSON {
        .record(["application/json": .record(["schema": schema])])
    }

    private func reference(_ name: String) -> JSON {
        .record(["$ref": .string("#/components/schemas/\(name)")])
    }
}

extension [JSON] {
    fileprivate var asArray: JSON { .array(self) }
}

extension [String] {
    /// Where the schema of what these tokens lead to lies in the schema of the whole.
    fileprivate var asSchemaPlace: [String] { flatMap { ["properties", $0] } }
}
