// groovy library.groovy STEP: compiles and runs a step of the shared library with stubbed steps of Jenkins.
//
// Reads a scenario from stdin as JSON: {outputs, options, fails}. Prints JSON with the calls in order, each with its
// environment and credentials, and the error that ended the step.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

class StepFailed extends RuntimeException {
    StepFailed(String message) { super(message) }
}

class Steps {
    Map scenario
    List calls = []
    List environment = []
    List credentials = []

    void record(Map call) { calls << call + [environment: environment.collect(), credentials: credentials.collect()] }

    def sh(Map asked) {
        record([step: 'sh', script: asked.script.toString(), label: asked.label.toString()])
        return asked.returnStdout ? JsonOutput.toJson(scenario.outputs) : null
    }
    def readJSON(Map asked) {
        if (asked.file) {
            record([step: 'readJSON', file: asked.file.toString()])
            return scenario.outputs
        }
        return new JsonSlurper().parseText(asked.text)
    }
    def writeFile(Map asked) { record([step: 'writeFile', file: asked.file.toString(), text: asked.text.toString()]) }
    def pwd(Map asked) { asked.tmp ? '/agent/workspace@tmp' : '/agent/workspace' }
    def error(Object message) { throw new StepFailed(message.toString()) }
    def usernamePassword(Map asked) { "${asked.credentialsId} as ${asked.usernameVariable}:${asked.passwordVariable}".toString() }
    def withEnv(List bound, Closure body) { within('environment', bound, body) }
    def withCredentials(List bound, Closure body) { within('credentials', bound, body) }

    private def within(String where, List bound, Closure body) {
        // Jenkins itself refuses a GString here only at run time.
        bound.each { assert it.class == String }
        this[where] = this[where] + bound
        try {
            return body.call()
        } finally {
            this[where] = this[where].dropRight(bound.size())
        }
    }
}

Map scenario = new JsonSlurper().parse(System.in)
Steps steps = new Steps(scenario: scenario)
Script library = new GroovyShell().parse(new File(args[0]))
library.metaClass.methodMissing = { String name, Object arguments -> steps.invokeMethod(name, arguments) }
String failure = null
try {
    library.call(scenario.options ?: [:]) { outputs ->
        steps.record([step: 'body', url: outputs.url])
        if (scenario.fails) {
            throw new StepFailed('the build failed')
        }
    }
} catch (StepFailed failed) {
    failure = failed.message
}
println JsonOutput.toJson([calls: steps.calls, failure: failure])
