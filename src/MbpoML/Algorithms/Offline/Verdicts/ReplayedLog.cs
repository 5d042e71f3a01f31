using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>
/// What was logged from some starts on, as a policy that reacts: the clone of the log, plus what the logged action of the step was beside the clone's. In a
/// perfect model it takes the logged actions; where the model goes elsewhere, it steers as the logged controller would.
/// </summary>
/// <param name="clone">Stays the caller's.</param>
/// <param name="differences">Logged less cloned action of each step, [steps, starts, action]; 0 behind the end of an episode.</param>
internal sealed class ReplayedLog(IPolicy clone, Tensor differences) : IPolicy
{
    private int _step;

    public int ObservationSize => clone.ObservationSize;

    public BoxSpace ActionSpace => clone.ActionSpace;

    /// <summary>The actions of the next step.</summary>
    /// <param name="observation">[copies of starts, observation], the starts in their order for each copy.</param>
    public Tensor Act(Tensor observation)
    {
        using var cloned = clone.Act(observation);
        using var difference = differences.select(0, _step++);
        using var repeated = difference.repeat(observation.size(0) / difference.size(0), 1);
        return cloned.Plus(repeated);
    }

    public Tensor Sample(Tensor observation, Generator generator) => Act(observation);
}
