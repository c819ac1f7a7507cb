// groovy pipeline.groovy JENKINSFILE: compiles and runs a declarative pipeline with stubbed steps, and prints its calls.
//
// Reads scenarios from stdin as a JSON list of {branch, pullRequest, parameters, statuses, url}: the parameters of the build,
// the exit statuses of shell commands by a part of their text, and the repository of the job's own configuration. Prints a line of JSON for each: the options, the triggers, the stages
// with their agents and calls, and the error that ended the build.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

class StepFailed extends RuntimeException {
    StepFailed(String message) { super(message) }
}

// The allowed content of declarative blocks; anything else fails the run, like Jenkins' own check.
class Block {
    static final Map ALLOWED = [
        pipeline: ['agent', 'options', 'parameters', 'triggers', 'environment', 'stages', 'post'],
        stages: ['stage'],
        stage: ['agent', 'when', 'steps', 'environment', 'post', 'options', 'input'],
        options: ['disableConcurrentBuilds', 'timestamps', 'timeout', 'buildDiscarder', 'logRotator', 'skipDefaultCheckout'],
        parameters: ['booleanParam', 'string', 'choice'],
        triggers: ['cron', 'pollSCM', 'upstream'],
        when: ['branch', 'changeRequest', 'not', 'allOf', 'anyOf', 'expression'],
        agent: ['label', 'docker'],
    ]
    String kind
    List entries = []
    boolean complete = false

    def methodMissing(String name, Object arguments) {
        if (complete) {
            // Steps inside the block find functions of the file here.
            throw new MissingMethodException(name, Block, arguments as Object[])
        }
        if (!(name in ALLOWED[kind])) {
            throw new IllegalStateException("${name} is not allowed in ${kind}; allowed: ${ALLOWED[kind].join(', ')}")
        }
        entries << [name: name, arguments: arguments as List]
        return name
    }

    // `agent none` and `agent any` are parsed as names.
    def propertyMissing(String name) {
        if (name in ['none', 'any']) {
            return name
        }
        throw new MissingPropertyException(name, Block)
    }

    static Block of(String kind, Closure body) {
        Block block = new Block(kind: kind)
        body.delegate = block
        body.resolveStrategy = Closure.DELEGATE_FIRST
        body.call()
        block.complete = true
        return block
    }

    Map single(String name) {
        List found = entries.findAll { it.name == name }
        if (found.size() > 1) {
            throw new IllegalStateException("${kind} holds ${name} ${found.size()} times")
        }
        return found ? found[0] : null
    }
}

class Steps {
    Map scenario
    List calls = []
    List context = []

    void record(Map call) { calls << (call + (context ? [within: context.collect()] : [:])) }

    def sh(String script) { sh(script: script) }
    def sh(Map asked) {
        record([step: 'sh', script: asked.script.toString()])
        int status = scenario.statuses.find { part, value -> asked.script.toString().contains(part) }?.value ?: 0
        if (asked.returnStatus) {
            return status
        }
        if (status) {
            throw new StepFailed("script returned exit code ${status}")
        }
        return asked.returnStdout ? 'c' * 40 + '\n' : null
    }
    def error(Object message) { throw new StepFailed(message.toString()) }
    def archiveArtifacts(Map asked) { record([step: 'archiveArtifacts', artifacts: asked.artifacts.toString()]) }
    def stash(Map asked) { record([step: 'stash', name: asked.name, includes: asked.includes.toString()]) }
    def unstash(String name) { record([step: 'unstash', name: name]) }
    def input(Map asked) { record([step: 'input', message: asked.message.toString(), submitter: asked.submitter.toString()]) }
    def string(Map asked) {
        (asked.credentialsId ? "${asked.credentialsId} as ${asked.variable}" : "${asked.name}=${asked.value}").toString()
    }
    def build(Map asked) {
        record([step: 'build', job: asked.job.toString(), wait: asked.wait, parameters: asked.parameters ?: []])
    }
    def checkout(Map what) { record([step: 'checkout'] + what) }
    def scmGit(Map asked) {
        [branch: asked.branches[0].name.toString(), refspec: asked.userRemoteConfigs[0].refspec.toString()]
    }
    def deleteDir() { record([step: 'deleteDir']) }
    def dir(String name, Closure body) {
        context << "in ${name}".toString()
        try {
            return body.call()
        } finally {
            context = context.dropRight(1)
        }
    }
    def file(Map asked) { "${asked.credentialsId} as file ${asked.variable}".toString() }
    def withEnv(List bound, Closure body) { withCredentials(bound*.toString(), body) }
    def withCredentials(List bound, Closure body) {
        context.addAll(bound)
        try {
            return body.call()
        } finally {
            context = context.dropRight(bound.size())
        }
    }
    def script(Closure body) { body.call() }
}

boolean holds(Map condition, Map scenario) {
    switch (condition.name) {
        case 'branch': return scenario.branch == condition.arguments[0] && !scenario.pullRequest
        case 'changeRequest': return scenario.pullRequest as boolean
        case 'expression': return condition.arguments[0].call() as boolean
    }
    List inner = Block.of('when', condition.arguments[0]).entries
    switch (condition.name) {
        case 'not': return !inner.every { holds(it, scenario) }
        case 'anyOf': return inner.any { holds(it, scenario) }
        case 'allOf': return inner.every { holds(it, scenario) }
    }
}

String agentOf(Map agent) {
    if (agent == null || agent.arguments[0] instanceof String) {
        return agent?.arguments?.getAt(0)
    }
    return Block.of('agent', agent.arguments[0]).single('label').arguments[0]
}

Map run(Block pipeline, Steps steps, Map scenario) {
    List ran = []
    String failure = null
    Block stages = Block.of('stages', pipeline.single('stages').arguments[0])
    for (entry in stages.entries) {
        Block stage = Block.of('stage', entry.arguments[1])
        Map when = stage.single('when')
        if (when && !Block.of('when', when.arguments[0]).entries.every { holds(it, scenario) }) {
            continue
        }
        steps.calls = []
        ran << [stage: entry.arguments[0], agent: agentOf(stage.single('agent')) ?: agentOf(pipeline.single('agent'))]
        try {
            Closure body = stage.single('steps').arguments[0]
            body.delegate = steps
            body.resolveStrategy = Closure.DELEGATE_FIRST
            body.call()
            assert !steps.context
        } catch (StepFailed failed) {
            failure = failed.message
        }
        ran[-1].calls = steps.calls
        if (failure) {
            break
        }
    }
    return [stages: ran, failure: failure]
}

File jenkinsfile = new File(args[0])
new JsonSlurper().parse(System.in).each { scenario ->
    Block pipeline = null
    Steps steps = new Steps(scenario: scenario)
    Binding binding = new Binding(
        params: scenario.parameters,
        env: [BRANCH_NAME: scenario.branch] + (scenario.env ?: [:]),
        scm: [branch: 'main', userRemoteConfigs: [[url: scenario.url ?: 'https://git.domain.org/team/store.git', credentialsId: 'git']]],
    )
    Script script = new GroovyShell(binding).parse(jenkinsfile)
    script.metaClass.pipeline = { Closure body -> pipeline = Block.of('pipeline', body) }
    // The functions below the pipeline can also call the steps.
    script.metaClass.methodMissing = { String name, Object arguments -> steps.invokeMethod(name, arguments) }
    script.run()
    Map result = run(pipeline, steps, scenario)
    Block options = Block.of('options', pipeline.single('options').arguments[0])
    Map declared = pipeline.single('parameters')
    Block parameters = declared ? Block.of('parameters', declared.arguments[0]) : new Block(kind: 'parameters')
    Map triggered = pipeline.single('triggers')
    Block triggers = triggered ? Block.of('triggers', triggered.arguments[0]) : new Block(kind: 'triggers')
    println JsonOutput.toJson(result + [
        options: options.entries*.name,
        triggers: triggers.entries.collectEntries { [it.name, it.arguments[0]] },
        parameters: parameters.entries.collectEntries { [it.arguments[0].name, it.arguments[0].defaultValue] },
    ])
}
