// Compiles Groovy as Jenkins does, in continuation-passing style, so that a build can stop at every step.
import com.cloudbees.groovy.cps.CpsTransformer
import org.codehaus.groovy.control.CompilerConfiguration
import org.codehaus.groovy.control.customizers.ImportCustomizer

class Cps {
    static GroovyShell shell(Class base) {
        CompilerConfiguration configuration = new CompilerConfiguration(scriptBaseClass: base.name)
        configuration.addCompilationCustomizers(new ImportCustomizer().addStarImports('com.cloudbees.groovy.cps'))
        configuration.addCompilationCustomizers(new CpsTransformer())
        return new GroovyShell(base.classLoader, new Binding(), configuration)
    }
}
