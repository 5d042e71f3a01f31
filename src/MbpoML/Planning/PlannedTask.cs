using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;

namespace MbpoML.Planning;

/// <summary>The task as a planner sees it: a model that may change with each fit, and what is known of reward and termination.</summary>
/// <param name="model">Gives the model as it is now.</param>
/// <param name="termination">Tells which imagined transitions end the task, or null.</param>
/// <param name="reward">The reward where it is known, or null.</param>
internal sealed class PlannedTask(Func<IDynamicsModel> model, ITerminationFunction? termination, IRewardFunction? reward)
{
    /// <summary>The model as it is now.</summary>
    public IDynamicsModel Model => model();

    /// <summary>The same model, task and reward as imagination sees them.</summary>
    public static PlannedTask Of(ImaginedEnvironment imagined) => new(() => imagined.Model, imagined.Termination, imagined.Reward);

    /// <summary>The task as it is imagined. The planner deals the members of an ensemble, whether they change in a rollout or not.</summary>
    /// <param name="propagation">What the planner asks for.</param>
    public ImaginedEnvironment Imagined(Propagation propagation) => new(model, termination, reward,
        Model is not IEnsembleDynamicsModel ? Propagation.MemberEachStep : propagation == Propagation.Mean ? propagation : Propagation.MemberEachRollout);
}
