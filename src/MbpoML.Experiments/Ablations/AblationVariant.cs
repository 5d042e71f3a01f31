
namespace MbpoML.Experiments.Ablations;

/// <summary>One of the algorithms that an ablation compares.</summary>
/// <param name="Name">The short name of the variant, which is also the folder of its runs.</param>
/// <param name="Label">What pictures and tables call it.</param>
/// <param name="Change">What it changes in the settings of the task.</param>
public sealed record AblationVariant(string Name, string Label, Action<RunOptions> Change)
{
    /// <summary>The variant that this one is on tasks whose settings it leaves as that one does: it then shares its runs.</summary>
    public AblationVariant? Plain { get; init; }

    /// <summary>Itself, or the variant that it comes to with these settings.</summary>
    /// <param name="settings">The settings of the task.</param>
    public AblationVariant On(RunOptions settings) =>
        Plain is { } plain && For(settings, settings.Seed).IsSameRun(plain.For(settings, settings.Seed)) ? plain : this;

    /// <summary>The variant's settings for a seed.</summary>
    /// <param name="settings">The settings of the task; they are left as they are.</param>
    /// <param name="seed">The seed of the run, at least 0.</param>
    public RunOptions For(RunOptions settings, int seed)
    {
        var options = settings.WithSeed(seed);
        Change(options);
        return options;
    }

    /// <summary>A variant that changes something else, too.</summary>
    /// <param name="name">What is added to the name, after a hyphen.</param>
    /// <param name="label">The text in place of the label.</param>
    /// <param name="change">The further change of the settings, made after this variant's own.</param>
    public AblationVariant And(string name, string label, Action<RunOptions> change) => new($"{Name}-{name}", label, options =>
    {
        Change(options);
        change(options);
    });
}
