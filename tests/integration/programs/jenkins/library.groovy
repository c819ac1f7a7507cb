// groovy library.groovy STEP: runs a step of the shared library as Jenkins runs it, called by a pipeline.
//
// Real: the transformation and the execution in continuation-passing style (groovy-cps), and the objects that readJSON
// returns (json-lib). As in Jenkins, each step suspends the program, which is then saved and loaded like after a restart of
// the controller, and steps with a body get it as a program of its own.
//
// Doubles: the steps, which only record what they are given. In Jenkins
//   sh            runs on the agent, with the environment of the steps around it; the label is what the log shows,
//   withEnv       takes the text before the first = as the name,
//   withCredentials looks the ids up in the job's folder, and masks the values in the log,
//   writeFile     makes folders that are missing, and takes absolute paths too,
//   pwd(tmp: true) is WORKSPACE@tmp.
// As in Jenkins (DSL.flattenGString), a GString in an argument, list or map reaches a step as a String.
//
// Reads a scenario from stdin as JSON: {outputs, options, fails}. Prints JSON with the calls in order, each with its
// environment and credentials, and the error that ended the build.
import com.cloudbees.groovy.cps.Continuable
import com.cloudbees.groovy.cps.Continuation
import com.cloudbees.groovy.cps.ObjectInputStreamWithLoader
import com.cloudbees.groovy.cps.Outcome
import com.cloudbees.groovy.cps.SerializableScript
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import net.sf.json.JSONSerializer
import org.codehaus.groovy.runtime.InvokerHelper

class StepFailed extends RuntimeException {
    StepFailed(String message) { super(message) }
}

// A name that the script does not define is a step of the shared library, or a step of Jenkins.
abstract class JenkinsScript extends SerializableScript {
    static Script shared

    Object invokeMethod(String name, Object arguments) {
        if (name == 'withStore') {
            return InvokerHelper.getMetaClass(shared).invokeMethod(shared, 'call', arguments)
        }
        return Continuable.suspend(name, [name, arguments as List])
    }
}

// Jenkins, too, replaces a list's own iterator, which cannot be saved (IteratorHack of workflow-cps).
class Iterators {
    static Iterator iterator(List list) { new SavedIterator(list: list) }
}

class SavedIterator implements Iterator, Serializable {
    List list
    int done = 0

    boolean hasNext() { done < list.size() }
    Object next() { list[done++] }
    void remove() { throw new UnsupportedOperationException() }
}

class Steps {
    static final Map PARAMETERS = [
        sh: ['script', 'label', 'returnStdout'], readJSON: ['file', 'text'], writeFile: ['file', 'text'], pwd: ['tmp'],
        usernamePassword: ['credentialsId', 'usernameVariable', 'passwordVariable'],
    ]
    static final Map BLOCKS = [withEnv: 'environment', withCredentials: 'credentials']
    Map scenario
    List calls = []
    List context = []  // what each step with a body adds

    Object call(String name, List given) {
        Object argument = given ? given[0] : null
        if (argument instanceof Map) {
            assert (argument.keySet() - PARAMETERS[name]).empty
        }
        return "${name}"(argument)
    }

    void record(Map call) {
        calls << call + ['environment', 'credentials'].collectEntries { kind -> [kind, context*.get(kind).findAll().flatten()] }
    }

    def echo(String message) { record([step: 'echo', message: message]) }
    def sh(Map asked) {
        record([step: 'sh', script: asked.script, label: asked.label])
        return asked.returnStdout ? JsonOutput.toJson(scenario.outputs) + '\n' : null
    }
    def readJSON(Map asked) {
        if (asked.file) {
            record([step: 'readJSON', file: asked.file])
        }
        return JSONSerializer.toJSON(asked.file ? JsonOutput.toJson(scenario.outputs) : asked.text.trim())
    }
    def writeFile(Map asked) { record([step: 'writeFile', file: asked.file, text: asked.text]) }
    def pwd(Map asked) { asked.tmp ? '/agent/workspace@tmp' : '/agent/workspace' }
    def error(String message) { throw new StepFailed(message) }
    def usernamePassword(Map asked) { "${asked.credentialsId} as ${asked.usernameVariable}:${asked.passwordVariable}".toString() }
}

class Build {
    Steps steps
    ClassLoader loader
    List programs = []  // of the pipeline, and of each body within it

    // The error that ended the build.
    Throwable run(Script pipeline) {
        programs = [new Continuable(pipeline)]
        Outcome outcome = new Outcome(null, null)
        while (true) {
            outcome = programs[-1].run0(outcome, Continuable.categories + [Iterators])
            if (programs[-1].resumable) {
                outcome = step(outcome.normal)
                continue
            }
            programs.pop()
            if (!programs) {
                return outcome.abnormal
            }
            steps.context.pop()
        }
    }

    private Outcome step(List asked) {
        def (String name, List given) = reloaded(asked)
        given = flattened(given)
        try {
            if (name in Steps.BLOCKS) {
                steps.context << [(Steps.BLOCKS[name]): given[0]]
                programs << programOf(given[1])
                return new Outcome(null, null)
            }
            return new Outcome(steps.call(name, given), null)
        } catch (Exception failed) {
            return new Outcome(null, failed)
        }
    }

    private Continuable programOf(Closure body) {
        try {
            body.call()
        } catch (CpsCallableInvocation invocation) {
            return new Continuable(invocation.invoke(null, null, Continuation.HALT))
        }
        throw new AssertionError("${body} was not transformed")
    }

    // Saves the programs and the call at which they wait, and continues with what can be loaded again.
    private List reloaded(List asked) {
        ByteArrayOutputStream saved = new ByteArrayOutputStream()
        new ObjectOutputStream(saved).withStream { it.writeObject([programs, asked]) }
        List loaded = new ObjectInputStreamWithLoader(new ByteArrayInputStream(saved.toByteArray()), loader).readObject()
        programs = loaded[0]
        return loaded[1]
    }

    private Object flattened(Object value) {
        switch (value) {
            case GString: return value.toString()
            case List: return value.collect { flattened(it) }
            case Map: return value.collectEntries { key, entry -> [key.toString(), flattened(entry)] }
        }
        return value
    }
}

Map scenario = new JsonSlurper().parse(System.in)
GroovyShell shell = Cps.shell(JenkinsScript)
JenkinsScript.shared = shell.parse(new File(args[0]))
Script pipeline = shell.parse("""
withStore(${(scenario.options ?: [:]).inspect()}) { store ->
    echo store.url
    if (${scenario.fails as boolean}) {
        error 'the build failed'
    }
}
""")
Build build = new Build(steps: new Steps(scenario: scenario), loader: shell.classLoader)
Throwable failure = build.run(pipeline)
if (failure && !(failure instanceof StepFailed)) {
    throw failure
}
println JsonOutput.toJson([calls: build.steps.calls, failure: failure?.message])
