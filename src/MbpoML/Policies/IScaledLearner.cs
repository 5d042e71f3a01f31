using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>A learner that takes the scales of observations and rewards from its first minibatch, unless it is given better rows before.</summary>
internal interface IScaledLearner
{
    /// <summary>Takes the scales, before the first update.</summary>
    /// <param name="rows">Transitions [rows, width of the layout] on the learner's device.</param>
    void FitScales(Tensor rows);
}
