// groovy compile.groovy FILE: compiles the file as Jenkins does. Prints JSON with the errors.
import com.cloudbees.groovy.cps.SerializableScript
import groovy.json.JsonOutput
import org.codehaus.groovy.control.MultipleCompilationErrorsException

List errors = []
try {
    Cps.shell(SerializableScript).parse(new File(args[0]))
} catch (MultipleCompilationErrorsException failed) {
    errors = failed.errorCollector.errors*.cause*.message
}
println JsonOutput.toJson([errors: errors])
