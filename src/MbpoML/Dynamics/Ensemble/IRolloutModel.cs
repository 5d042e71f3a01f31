using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>An ensemble that imagines whole rollouts faster at once than step by step, where nothing is to be decided in between.</summary>
internal interface IRolloutModel
{
    /// <summary>Whether it does, for the device and the path that it has.</summary>
    bool RollsOut { get; }

    /// <summary>
    /// Rollouts in each of which one elite predicts all steps: the numbers of as many calls of <see cref="IEnsembleDynamicsModel.SampleMembers"/>.
    /// </summary>
    /// <param name="observation">Where they start, [batch, observation].</param>
    /// <param name="actions">[steps, batch, action]</param>
    /// <param name="members">int64 [batch]: an index into the elites for each row.</param>
    /// <param name="generator">The generator of all random numbers.</param>
    /// <returns>[steps · batch, 1 + observation], step after step, the reward first; the caller disposes it.</returns>
    Tensor SampleRollouts(Tensor observation, Tensor actions, Tensor members, Generator generator);
}
