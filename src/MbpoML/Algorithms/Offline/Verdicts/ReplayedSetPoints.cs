using MbpoML.Imagination;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>Set points as they were logged from some starts on: policies are compared with what the log earned under the same ones.</summary>
/// <param name="numbers">Their places in an observation.</param>
/// <param name="values">What was logged after each step, [steps, starts, set points]; lent.</param>
internal sealed class ReplayedSetPoints(IReadOnlyList<int> numbers, Tensor values) : IOutsideObservations
{
    private int _step;

    /// <inheritdoc/>
    public void Apply(Tensor observation, Tensor next)
    {
        using var scope = NewDisposeScope();
        // [copies of starts], the starts in their order for each copy.
        var logged = values.select(0, _step++).repeat(next.size(0) / values.size(1), 1);
        for (var place = 0; place < numbers.Count; place++) next.select(1, numbers[place]).copy_(logged.select(1, place));
    }
}
