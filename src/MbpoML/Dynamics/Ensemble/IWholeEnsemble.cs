using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>An ensemble that can also ask the members that are no elites.</summary>
internal interface IWholeEnsemble
{
    /// <summary>What every member says of each row.</summary>
    /// <param name="observation">[batch, observation], environment units</param>
    /// <param name="action">[batch, action], environment units</param>
    /// <returns>Both [members, batch, 1 + observation], environment units, the reward first; the caller disposes them.</returns>
    (Tensor Mean, Tensor StandardDeviation) PredictEveryMember(Tensor observation, Tensor action);
}
