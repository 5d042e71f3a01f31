using MbpoML.Acting;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>A planner at work in some episodes: its plan, what its search learned, and the last actions live here.</summary>
/// <param name="policy">Plans; must live as long.</param>
/// <param name="replanEvery">The actions of a plan that are taken before the next one is made.</param>
/// <param name="warmStart">Whether a plan is the start of the search for the next one.</param>
internal sealed class PlanningActor(PlanningPolicy policy, int replanEvery, bool warmStart) : IActor, ISaved
{
    private const string PlanState = "plan";
    private const string PreviousState = "previous-action";
    private const string DoneState = "done";
    private readonly IActionSequenceSearch _search = policy.NewSearch();
    // Where the caller gives no generator.
    private Generator _own = policy.NewGenerator();
    private Tensor? _plan, _previous;
    private int _done;
    private int _rows;

    public string Name => "planner";

    public void Begin(int rows)
    {
        _rows = Check.AtLeast(1, rows);
        _search.Begin(rows);
        _own.Dispose();
        _own = policy.NewGenerator();
        Forget();
    }

    public Tensor Act(Tensor observation, Generator? generator) => Act(observation, generator, noise: 0);

    /// <summary>The same, with normal noise on the action, from which the next plan goes on.</summary>
    /// <param name="observation">[rows, observation]</param>
    /// <param name="generator">The generator of all random numbers; null: always the same.</param>
    /// <param name="noise">The standard deviation of the noise, in units in which the bounds are -1 and 1.</param>
    /// <returns>[rows, action], environment units; the caller disposes it.</returns>
    public Tensor Act(Tensor observation, Generator? generator, double noise)
    {
        TensorCheck.Matrix(observation, policy.ObservationSize);
        if (_rows == 0) throw new InvalidOperationException("No episode was begun: call Begin first.");
        if (observation.size(0) != _rows)
            throw new ArgumentException(
                Invariant($"There are {observation.size(0)} observations, but {_rows} episodes are under way."), nameof(observation));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var random = generator is null ? _own : TensorCheck.Alive(generator);
        if (_plan is null || _done == replanEvery) Replan(observation, random);
        var chosen = _plan!.select(1, _done++);
        if (noise > 0) chosen = policy.Explore(chosen, _previous, noise, random);
        Replace(ref _previous, chosen);
        return policy.ToAction(chosen).to(observation.device).MoveToOuterDisposeScope();
    }

    public void Keep(Tensor rows)
    {
        TensorCheck.Alive(rows);
        using var scope = NewDisposeScope();
        var kept = rows.cpu();
        _rows = (int)kept.size(0);
        if (_rows > 0) _search.Keep(kept);
        if (_plan is not null) Replace(ref _plan, _plan.index_select(0, kept));
        if (_previous is not null) Replace(ref _previous, _previous.index_select(0, kept));
    }

    public void Save(IStateWriter to)
    {
        _search.Save(to.Under(_search.Name));
        SavedPart.Save(to, "random-state", _own);
        to.Add(DoneState, _rows, _done);
        if (_plan is not null) to.Add(PlanState, _plan);
        if (_previous is not null) to.Add(PreviousState, _previous);
    }

    public void Restore(IStateReader from)
    {
        using var scope = NewDisposeScope();
        if (from.Integers(DoneState) is not [>= 0 and <= int.MaxValue and var rows, >= 0 and <= int.MaxValue and var done] || done > replanEvery)
            throw from.Damaged("the place within the plan is none");
        var (horizon, size) = (policy.Options.Horizon, policy.ActionSpace.Size);
        var plan = from.Has(PlanState) ? from.Tensor(PlanState, ScalarType.Float32, [rows, horizon, size]) : null;
        var previous = from.Has(PreviousState) ? from.Tensor(PreviousState, ScalarType.Float32, [rows, size]) : null;
        _search.Restore(from.Under(_search.Name));
        SavedPart.Restore(from, "random-state", _own);
        Forget();
        (_rows, _done) = ((int)rows, (int)done);
        if (plan is not null) Replace(ref _plan, plan);
        if (previous is not null) Replace(ref _previous, previous);
    }

    public void Dispose()
    {
        _search.Dispose();
        _own.Dispose();
        Forget();
    }

    private void Replan(Tensor observation, Generator generator)
    {
        TensorCheck.Finite(observation);
        if (!warmStart) _search.Begin(_rows);
        else if (_plan is not null) _search.Advance(_done);
        var found = policy.Search(_search, observation, _previous, generator);
        Replace(ref _plan, found.Actions);
        _done = 0;
    }

    private void Forget()
    {
        _plan?.Dispose();
        _previous?.Dispose();
        (_plan, _previous, _done) = (null, null, 0);
    }

    private static void Replace(ref Tensor? kept, Tensor value)
    {
        var before = kept;
        kept = value.clone().DetachFromDisposeScope();
        before?.Dispose();
    }
}
