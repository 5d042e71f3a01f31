using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>One imagined step of a batch of rollouts, as a rule sees it. The tensors are only lent.</summary>
/// <param name="Index">Which step of the rollout this is, from 0.</param>
/// <param name="Rows">Which rollout each row belongs to, int64 [batch], from 0: rollouts that are over are missing.</param>
/// <param name="Observation">The observations before the step, [batch, observation].</param>
/// <param name="Action">The actions, [batch, action].</param>
/// <param name="NextObservation">The imagined observations after it, [batch, observation].</param>
/// <param name="Reward">The imagined rewards, [batch].</param>
/// <param name="Terminated">Whether the task is over there: booleans, [batch].</param>
/// <param name="Model">The model that imagined it; an <see cref="IEnsembleDynamicsModel"/> can be asked how much its members disagree.</param>
public readonly record struct RolloutStep(
    int Index, Tensor Rows, Tensor Observation, Tensor Action, Tensor NextObservation, Tensor Reward, Tensor Terminated, IDynamicsModel Model);
