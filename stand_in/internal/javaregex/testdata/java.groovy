// Asks Java itself: reads a list of {expression, texts} as JSON and prints, for each, the message of the exception, or
// which of the texts the expression matches as a whole.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import java.util.regex.Pattern
import java.util.regex.PatternSyntaxException

def asked = new JsonSlurper().parse(System.in, 'UTF-8')
def answers = asked.collect { each ->
    try {
        def pattern = Pattern.compile(each.expression)
        [message: '', matches: each.texts.collect { text -> matches(pattern, text) }]
    } catch (PatternSyntaxException refused) {
        [message: refused.message, matches: []]
    }
}
System.out.withWriter('UTF-8') { it << JsonOutput.toJson([version: System.getProperty('java.specification.version'), answers: answers]) }

def matches(Pattern pattern, String text) {
    try {
        pattern.matcher(text).matches()
    } catch (StackOverflowError | NullPointerException fault) {
        null
    }
}
