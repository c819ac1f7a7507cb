/**
 * withStore { outputs -> ... }: runs the body with the URL, logins and CA of the store in its environment.
 *
 *   stack  the Pulumi stack whose outputs are read (default: production); needs pulumi and its backend on the agent
 *   file   a file with the outputs instead, as `make outputs` prints them, for agents without Pulumi
 *   docker whether to log docker in to the registry, while the body runs (default: true)
 *   push   whether the body may publish (default: false); docker is then logged in as the user who may push
 *
 * In the environment: NEXUS_URL, NEXUS_USER, NEXUS_PASSWORD, STORE_CA (a file, absent when none is needed),
 * DOCKER_PUSH_REGISTRY, DOCKER_PULL_REGISTRY and DOCKER_CONFIG; with push also NEXUS_PUSH_USER and NEXUS_PUSH_PASSWORD.
 */
def call(Map options = [:], Closure body) {
    Map known = [stack: 'production', file: null, docker: true, push: false]
    List unknown = (options.keySet() - known.keySet()) as List
    if (unknown) {
        error "withStore: ${unknown.join(', ')} is not known; allowed: ${known.keySet().join(', ')}"
    }
    Map asked = known + options
    def outputs = readOutputs(asked)
    String folder = "${pwd(tmp: true)}/repository-store"
    List environment = [
        "NEXUS_URL=${outputs.url}",
        "DOCKER_PUSH_REGISTRY=${outputs.docker_push_registry}",
        "DOCKER_PULL_REGISTRY=${outputs.docker_pull_registry}",
        "DOCKER_CONFIG=${folder}/docker",
    ]
    if (outputs.ca_certificate_pem) {
        writeFile file: "${folder}/ca.pem", text: outputs.ca_certificate_pem
        environment << "STORE_CA=${folder}/ca.pem"
    }
    List logins = [login(outputs.ci_pull_credentials.id, 'NEXUS')]
    if (asked.push) {
        logins << login(outputs.ci_push_credentials.id, 'NEXUS_PUSH')
    }
    withEnv(environment) {
        withCredentials(logins) {
            List registries = asked.docker ? registriesOf(outputs) : []
            try {
                registries.each { dockerLogin(it, asked.push ? 'NEXUS_PUSH' : 'NEXUS') }
                body(outputs)
            } finally {
                registries.each { dockerLogout(it) }
            }
        }
    }
}

private def readOutputs(Map asked) {
    if (asked.file) {
        return readJSON(file: asked.file)
    }
    String stack = asked.stack
    if (!(stack ==~ /[A-Za-z0-9_.-]+/)) {
        error "withStore: the stack '${stack}' is not a valid name; allowed: letters, digits, '.', '_' and '-'"
    }
    // Without --show-secrets: Jenkins masks only its own credentials, so other secrets would end up in the log.
    return readJSON(text: sh(
        label: "outputs of ${stack}",
        returnStdout: true,
        script: "pulumi stack output --json --stack ${stack}"
    ))
}

private def login(String id, String prefix) {
    return usernamePassword(
        credentialsId: id,
        usernameVariable: "${prefix}_USER",
        passwordVariable: "${prefix}_PASSWORD"
    )
}

private List registriesOf(outputs) {
    return [outputs.docker_push_registry, outputs.docker_pull_registry].findAll { it }.unique()
}

// The shell reads the password from its environment, so that it is in no script, argument or log.
private void dockerLogin(String registry, String prefix) {
    withEnv(["REGISTRY=${registry}"]) {
        sh label: "docker login ${registry}",
            script: "printf %s \"\$${prefix}_PASSWORD\" | docker login --username \"\$${prefix}_USER\" --password-stdin \"\$REGISTRY\""
    }
}

private void dockerLogout(String registry) {
    withEnv(["REGISTRY=${registry}"]) {
        sh label: "docker logout ${registry}", script: 'docker logout "$REGISTRY"'
    }
}
