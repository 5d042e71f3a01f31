using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline;

/// <summary>
/// Which outputs of a model count where it is asked how unsure or how right it is: those that imagined steps take from it. A known reward is computed, and set
/// points come from outside.
/// </summary>
/// <param name="isRewardKnown">Whether the model's reward is not used.</param>
/// <param name="setPoints">The numbers of the next observation that are not used.</param>
internal sealed class CountedOutputs(bool isRewardKnown, SetPoints setPoints)
{
    /// <summary>The outputs that a method with a model uses.</summary>
    public static CountedOutputs Of(OfflineOptions options) => new(options.Reward is not null, new SetPoints(options.SetPoints));

    /// <summary>Whether an output counts; the reward is the first one.</summary>
    public bool Have(int output) => output == 0 ? !isRewardKnown : !setPoints.Have(output - 1);

    /// <summary>What a model says, or its units, without the outputs that do not count.</summary>
    /// <param name="values">[..., 1 + observation]</param>
    /// <returns>[..., counted]: the same tensor where all count; else left to the caller's dispose scope.</returns>
    public Tensor Among(Tensor values)
    {
        if (!isRewardKnown && !setPoints.Exist) return values;
        var dimension = (int)values.dim() - 1;
        long[] counted = [.. Enumerable.Range(0, (int)values.size(dimension)).Where(Have).Select(output => (long)output)];
        return values.index_select(dimension, tensor(counted, device: values.device));
    }
}
