using MbpoML.Acting;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>A latent planner at work in some episodes: the belief and the action before live here.</summary>
/// <param name="policy">Plans; must live as long.</param>
internal sealed class LatentPlanningActor(LatentPlanningPolicy policy) : IActor, ISaved
{
    private const string BeliefState = "belief", ActionState = "previous-action", RandomState = "random-state";
    private readonly PlanningActor _planner = (PlanningActor)policy.Planner.NewActor();
    // Where the caller gives no generator.
    private Generator _own = policy.NewGenerator();
    private Tensor? _belief, _action;

    public string Name => "latent-planner";

    public void Begin(int rows)
    {
        Check.AtLeast(1, rows);
        _planner.Begin(rows);
        _own.Dispose();
        _own = policy.NewGenerator();
        using var scope = NewDisposeScope();
        Remember(zeros([rows, policy.Model.BeliefSize], ScalarType.Float32, policy.Model.Device), zeros([rows, policy.ActionSpace.Size], ScalarType.Float32));
    }

    public Tensor Act(Tensor observation, Generator? generator)
    {
        TensorCheck.Matrix(observation, policy.ObservationSize);
        TensorCheck.Finite(observation);
        if (_belief is null || _action is null) throw new InvalidOperationException("No episode was begun: call Begin first.");
        if (observation.size(0) != _belief.size(0))
            throw new ArgumentException(
                Invariant($"There are {observation.size(0)} observations, but {_belief.size(0)} episodes are under way."), nameof(observation));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var random = generator is null ? _own : TensorCheck.Alive(generator);
        var belief = policy.Believe(_belief, _action, observation, random);
        var action = _planner.Act(belief, random, generator is null ? 0 : policy.Noise).cpu();
        Remember(belief, action);
        return action.to(observation.device).MoveToOuterDisposeScope();
    }

    public void Keep(Tensor rows)
    {
        TensorCheck.Alive(rows);
        _planner.Keep(rows);
        if (_belief is null) return;
        using var scope = NewDisposeScope();
        Remember(_belief.index_select(0, rows.to(_belief.device)), _action!.index_select(0, rows.cpu()));
    }

    public void Save(IStateWriter to)
    {
        _planner.Save(to.Under(_planner.Name));
        SavedPart.Save(to, RandomState, _own);
        if (_belief is null) return;
        to.Add(BeliefState, _belief);
        to.Add(ActionState, _action!);
    }

    public void Restore(IStateReader from)
    {
        using var scope = NewDisposeScope();
        var belief = from.Has(BeliefState) ? from.Tensor(BeliefState) : null;
        if (belief is not null && (belief.dtype != ScalarType.Float32 || belief.dim() != 2 || belief.size(1) != policy.Model.BeliefSize || belief.size(0) < 1))
            throw from.Damaged($"'{BeliefState}' is no belief of this model");
        var action = belief is null ? null : from.Tensor(ActionState, ScalarType.Float32, [belief.size(0), policy.ActionSpace.Size]);
        _planner.Restore(from.Under(_planner.Name));
        SavedPart.Restore(from, RandomState, _own);
        Forget();
        if (belief is not null) Remember(belief.to(policy.Model.Device), action!);
    }

    public void Dispose()
    {
        _planner.Dispose();
        _own.Dispose();
        Forget();
    }

    private void Remember(Tensor belief, Tensor action)
    {
        var (beliefBefore, actionBefore) = (_belief, _action);
        (_belief, _action) = (belief.clone().DetachFromDisposeScope(), action.clone().DetachFromDisposeScope());
        beliefBefore?.Dispose();
        actionBefore?.Dispose();
    }

    private void Forget()
    {
        _belief?.Dispose();
        _action?.Dispose();
        (_belief, _action) = (null, null);
    }
}
