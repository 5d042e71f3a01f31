using MbpoML.Components;
using MbpoML.Planning;

namespace MbpoML.Algorithms.Pets;

/// <summary>How the planner of a run imagines, as a stage whose options are compared on resume.</summary>
/// <param name="options">Validated and copied.</param>
internal sealed class PlannerStage(PlanningTransformer.Options options) : IStage
{
    string IStage.StageName => "planner";

    object IStage.Options => options;

    /// <summary>What the preset calls an optimizer.</summary>
    public static string NameOf(IActionSequenceOptimizer optimizer) => optimizer switch
    {
        ImprovedCrossEntropyMethod => "improvedCrossEntropy",
        CrossEntropyMethod => "crossEntropy",
        PathIntegral => "pathIntegral",
        RandomShooting => "randomShooting",
        _ => "optimizer",
    };
}
