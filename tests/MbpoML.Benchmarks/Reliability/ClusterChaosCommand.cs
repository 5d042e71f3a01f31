using System.CommandLine;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>The verb <c>cluster-chaos</c>.</summary>
internal static class ClusterChaosCommand
{
    public static Command Create()
    {
        var faults = new Option<int>("--faults") { Description = "Faults in all.", DefaultValueFactory = _ => 100 };
        var workers = new Option<int>("--workers") { Description = "Workers in processes of their own, two slots each.", DefaultValueFactory = _ => 4 };
        var trials = new Option<int>("--trials") { Description = "Trials of a study.", DefaultValueFactory = _ => 8 };
        var seeds = new Option<int>("--seeds") { Description = "Seeds of a trial.", DefaultValueFactory = _ => 2 };
        var steps = new Option<int>("--steps") { Description = "Environment steps of a run.", DefaultValueFactory = _ => 6000 };
        var between = new Option<double>("--between") { Description = "Mean seconds between two faults.", DefaultValueFactory = _ => 5 };
        var seed = new Option<int>("--seed") { Description = "Decides the faults.", DefaultValueFactory = _ => 1 };
        var lease = new Option<double>("--lease")
        {
            Description = "Seconds without a sign of life after which a run is handed over.",
            DefaultValueFactory = _ => 5,
        };
        var cost = new Option<bool>("--cost") { Description = "Without faults: what 1, 2 and 4 workers cost beside plain processes, with sizes of its own." };
        var costSteps = new Option<int>("--cost-steps")
        {
            Description = "Environment steps of each run of --cost. What a run costs beside its training is a few seconds, which are little of a long one.",
            DefaultValueFactory = _ => 50_000,
        };
        var costTrials = new Option<int>("--cost-trials") { Description = "Trials of the study of --cost, two seeds each.", DefaultValueFactory = _ => 8 };
        var settle = new Option<int>("--settle")
        {
            Description = "Seconds that the workers of --cost stand before they are measured, until the runtime has compiled what they do each second.",
            DefaultValueFactory = _ => 240,
        };
        var repeats = new Option<int>("--repeats") { Description = "How often --cost measures each.", DefaultValueFactory = _ => 3 };
        var command = new Command(
            "cluster-chaos", "Kills and stops workers, the server and the store while studies go, and compares each study with an undisturbed one.")
        {
            faults, workers, trials, seeds, steps, between, seed, lease, cost, costSteps, costTrials, settle, repeats,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var experiment = new ClusterChaosExperiment(
                parsed.GetValue(trials), parsed.GetValue(seeds), parsed.GetValue(steps), parsed.GetValue(seed), cancellationToken);
            return parsed.GetValue(cost)
                ? new ClusterCost(experiment.Options, parsed.GetValue(costTrials), parsed.GetValue(costSteps),
                    TimeSpan.FromSeconds(parsed.GetValue(settle)), cancellationToken).RunAsync(parsed.GetValue(repeats))
                : experiment.ChaosAsync(parsed.GetValue(faults), parsed.GetValue(workers), parsed.GetValue(between), parsed.GetValue(lease));
        });
        return command;
    }
}
