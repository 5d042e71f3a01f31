
namespace MbpoML.Experiments.Ablations;

/// <summary>A question that is answered by taking parts of the algorithm away: one picture.</summary>
/// <param name="Name">What is written on the command line.</param>
/// <param name="Title">The question in a few words.</param>
/// <param name="Variants">The algorithms that are compared.</param>
public sealed record Ablation(string Name, string Title, IReadOnlyList<AblationVariant> Variants)
{
    /// <summary>The same with the variants that there are with the settings of a task.</summary>
    /// <param name="settings">The settings of the task.</param>
    public Ablation On(RunOptions settings) => this with { Variants = [.. Variants.Select(variant => variant.On(settings))] };
}
