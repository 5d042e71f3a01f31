using System.Text.Json.Serialization;

namespace MbpoML.Experiments.Studies;

/// <summary>
/// A line of a study's journal. What is written there stands; times are in the reports of the runs, so that equal studies have equal journals.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(StudyBegun), "begun")]
[JsonDerivedType(typeof(TrialProposed), "proposed")]
[JsonDerivedType(typeof(RungReached), "reached")]
[JsonDerivedType(typeof(TrialClosed), "closed")]
[JsonDerivedType(typeof(WinnerChosen), "winner")]
[JsonDerivedType(typeof(WinnerFailed), "winner-failed")]
[JsonDerivedType(typeof(StudyEnded), "ended")]
internal abstract record StudyEvent;

/// <summary>The first line: everything that decides the study.</summary>
internal sealed record StudyBegun(StudyPlan Plan) : StudyEvent;

/// <summary>A trial was proposed. Its options were tried before; where they do not fit each other, the trial has failed for the reason given.</summary>
internal sealed record TrialProposed(
    int Trial, IReadOnlyList<double> Place, IReadOnlyList<string> Assignments,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Unusable = null) : StudyEvent;

/// <summary>All seeds of a trial have come to a rung.</summary>
internal sealed record RungReached(int Trial, int Rung, int Steps, IReadOnlyList<double> Returns, double Value) : StudyEvent;

/// <summary>A trial is over.</summary>
internal sealed record TrialClosed(int Trial, StudyTrialStatus Status, string? Failure) : StudyEvent;

/// <summary>The chosen trial failed with a fresh seed, so that its settings are not to be relied on.</summary>
internal sealed record WinnerFailed(int Trial, string? Failure) : StudyEvent;

/// <summary>The best trial, which is run again.</summary>
internal sealed record WinnerChosen(int Trial, IReadOnlyList<int> Seeds) : StudyEvent;

/// <summary>What the best trial gave with fresh seeds.</summary>
internal sealed record StudyEnded(IReadOnlyList<double> Returns) : StudyEvent;

/// <summary>The options of a study, as the journal has them.</summary>
internal sealed record StudyPlan(
    string? Task, string? Environment, int? TimeLimit, string? Preset, string Algorithm, string? Logged, string? Label, IReadOnlyList<string> Assignments,
    IReadOnlyList<string> Space, string Sampler, int Trials, int SeedsPerTrial, int? Steps, int? GenerationSize, int Rungs, int Reduction, int FinalSeeds,
    int Seed)
{
    public static StudyPlan Of(StudyOptions options) => new(
        options.Run.Task, options.Run.Environment, options.Run.TimeLimit, options.Run.Preset, options.Run.Algorithm, options.Run.Logged,
        options.Run.Label, options.Run.Assignments, [.. options.Space.Select(parameter => parameter.ToString())], options.Sampler, options.Trials,
        options.SeedsPerTrial, options.Steps, options.GenerationSize, options.Rungs, options.Reduction, options.FinalSeeds, options.Seed);

    public StudyOptions ToOptions() => new()
    {
        Run = new RunSpec
        {
            Task = Task,
            Environment = Environment,
            TimeLimit = TimeLimit,
            Preset = Preset,
            Algorithm = Algorithm,
            Logged = Logged,
            Label = Label,
            Assignments = Assignments,
        },
        Space = [.. Space.Select(StudyParameter.Parse)],
        Sampler = Sampler,
        Trials = Trials,
        SeedsPerTrial = SeedsPerTrial,
        Steps = Steps,
        GenerationSize = GenerationSize,
        Rungs = Rungs,
        Reduction = Reduction,
        FinalSeeds = FinalSeeds,
        Seed = Seed,
    };
}
