package javaregex

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// question is an expression, and texts that it may match.
type question struct {
	Expression string   `json:"expression"`
	Texts      []string `json:"texts"`
}

// answer is what Java says: why it refuses the expression, or which texts it matches; nil where it fails.
type answer struct {
	Message string  `json:"message"`
	Matches []*bool `json:"matches"`
}

// askJava runs java.util.regex of the Java that is installed, by Groovy, which needs no compiler of Java.
func askJava(t *testing.T, questions []question) []answer {
	t.Helper()
	asked, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	java, err := exec.LookPath("java")
	if err != nil {
		t.Fatal(err)
	}
	if java, err = filepath.EvalSymlinks(java); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("groovy", "testdata/java.groovy")
	command.Env = append(os.Environ(), "JAVA_HOME="+filepath.Dir(filepath.Dir(java)))
	command.Stdin = bytes.NewReader(asked)
	command.Stderr = os.Stderr
	printed, err := command.Output()
	if err != nil {
		t.Fatal("groovy: ", err)
	}
	var found struct {
		Version string
		Answers []answer
	}
	if err := json.Unmarshal(printed, &found); err != nil {
		t.Fatal(err)
	}
	if found.Version != "17" {
		t.Fatalf("the answers of Java 17 are wanted, on which Nexus runs; this is Java %s", found.Version)
	}
	return found.Answers
}

// compare fails for each expression that is read in another way than by Java; it returns how many are not played.
func compare(t *testing.T, questions []question) (unsupported int) {
	t.Helper()
	for i, answer := range askJava(t, questions) {
		question := questions[i]
		pattern, err := Compile(question.Expression)
		var refused *SyntaxError
		switch {
		case errors.As(err, new(*Unsupported)):
			unsupported++
		case errors.As(err, &refused) || answer.Message != "":
			if refused == nil || refused.Error() != answer.Message {
				t.Errorf("%q: Java: %q, here: %v", question.Expression, answer.Message, err)
			}
		case err != nil:
			t.Errorf("%q: %v", question.Expression, err)
		default:
			compareMatches(t, pattern, question, answer)
		}
	}
	return unsupported
}

func compareMatches(t *testing.T, pattern *Pattern, question question, answer answer) {
	t.Helper()
	for i, text := range question.Texts {
		if java := answer.Matches[i]; java != nil && *java != pattern.Matches(text) {
			t.Errorf("%q on %q: Java: %t, here: %t (%s)", question.Expression, text, *java, !*java, pattern.engine)
		}
	}
}

func TestExpressionsAreReadAsByJava(t *testing.T) {
	var questions []question
	for line := range strings.Lines(expressions) {
		if line = strings.TrimSuffix(line, "\n"); line != "" {
			questions = append(questions, question{line, texts})
		}
	}
	if unsupported := compare(t, questions); unsupported > 0 {
		t.Errorf("%d expressions of the list are not played", unsupported)
	}
}

// alphabet is what random expressions are made of.
var alphabet = strings.Split(`a b c A / . - _ 1 2 0 , | ( ) (?: (?= (?! (?<= (?<! (?> (?i) (?s) (?m) (?-i) (?i: (?<n> \k<n> [ ] [^ && & ^ $ * + ? ?? *+ {2} {1,} {,3} {1,2} { } \ \d \D \w \W \s \S \b \B \A \z \Z \1 \2 \. \/ \- \x41 \u0041 \101 \0101 \p{L} \p{Lu} \P{Upper} \pL \h \v \R \Q \E \t \n \cA a-z A-Z 0-9 .* [^/]+ \e é`, " ")

func TestRandomExpressionsAreReadAsByJava(t *testing.T) {
	seed, count := uint64(1), 3000
	if given := os.Getenv("SEED"); given != "" {
		seed, _ = strconv.ParseUint(given, 10, 64)
		count = 30000
	}
	random := rand.New(rand.NewPCG(seed, 0))
	questions := make([]question, count)
	for i := range questions {
		var expression strings.Builder
		for range 1 + random.IntN(9) {
			expression.WriteString(alphabet[random.IntN(len(alphabet))])
		}
		questions[i] = question{expression.String(), texts}
	}
	t.Logf("%d of %d are not played", compare(t, questions), len(questions))
}
