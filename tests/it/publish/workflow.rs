//! A workflow, or a composite action, as GitHub reads it: YAML in, jobs and steps out.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, Yaml};

/// A job.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) id: String,
    pub(super) needs: Vec<String>,
    pub(super) condition: Option<String>,
    pub(super) permissions: BTreeMap<String, String>,
    pub(super) steps: Vec<Step>,
}

/// A step: something that is used, or a script.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) condition: Option<String>,
    pub(super) uses: Option<String>,
    pub(super) with: BTreeMap<String, String>,
    pub(super) env: BTreeMap<String, String>,
    pub(super) run: Option<String>,
}

/// The jobs of a workflow, in the order in which they stand.
pub(super) fn jobs(text: &str) -> Vec<Job> {
    let workflow = &Yaml::load_from_str(text).unwrap()[0];
    // Scripts are run here as GitHub runs them with this setting.
    assert_eq!(workflow["defaults"]["run"]["shell"].as_str(), Some("bash"));
    let jobs = workflow["jobs"].as_mapping().unwrap();
    let jobs = jobs.iter().map(|(id, job)| Job {
        id: said(id),
        needs: job.as_mapping_get("needs").map(said).into_iter().collect(),
        condition: job.as_mapping_get("if").map(said),
        permissions: map(job.as_mapping_get("permissions")),
        steps: steps(&job["steps"]),
    });
    jobs.collect()
}

/// After how many minutes GitHub stops each job of a workflow.
pub(super) fn timeouts(text: &str) -> Vec<(String, Option<String>)> {
    let workflow = &Yaml::load_from_str(text).unwrap()[0];
    let jobs = workflow["jobs"].as_mapping().unwrap().iter();
    jobs.map(|(id, job)| (said(id), job.as_mapping_get("timeout-minutes").map(said)))
        .collect()
}

/// The steps of a composite action.
pub(super) fn action(text: &str) -> Vec<Step> {
    let action = &Yaml::load_from_str(text).unwrap()[0];
    assert_eq!(action["runs"]["using"].as_str(), Some("composite"));
    steps(&action["runs"]["steps"])
}

fn steps(steps: &Yaml<'_>) -> Vec<Step> {
    let steps = steps.as_vec().unwrap().iter();
    let text = |step: &Yaml<'_>, key: &str| step.as_mapping_get(key).map(said);
    let steps = steps.map(|step| Step {
        id: text(step, "id").unwrap_or_default(),
        name: text(step, "name").unwrap(),
        condition: text(step, "if"),
        uses: text(step, "uses"),
        with: map(step.as_mapping_get("with")),
        env: map(step.as_mapping_get("env")),
        run: text(step, "run"),
    });
    steps.collect()
}

fn map(yaml: Option<&Yaml<'_>>) -> BTreeMap<String, String> {
    let pairs = yaml
        .and_then(|yaml| yaml.as_mapping())
        .into_iter()
        .flatten();
    pairs.map(|(key, value)| (said(key), said(value))).collect()
}

fn said(yaml: &Yaml<'_>) -> String {
    let text = yaml.as_str().map(str::to_owned);
    let text = text.or_else(|| yaml.as_bool().map(|it| it.to_string()));
    let text = text.or_else(|| yaml.as_integer().map(|it| it.to_string()));
    text.unwrap_or_else(|| panic!("no scalar: {yaml:?}"))
}
