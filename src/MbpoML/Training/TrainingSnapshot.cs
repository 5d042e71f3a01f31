using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Policies;

namespace MbpoML.Training;

/// <summary>What a run held when it wrote a checkpoint: for looking at, for diagnostics, for taking the model or the data elsewhere. Made by <see cref="MbpoTrainer.Open"/>.</summary>
/// <remarks>Nothing of it changes the run. Dispose it after what was made from it.</remarks>
public sealed class TrainingSnapshot : IDisposable
{
    private readonly TrainingState _state;

    /// <summary>Takes the state over.</summary>
    internal TrainingSnapshot(TrainingState state, TransitionColumns? columns)
    {
        _state = state;
        Policy = state.Policy.ToTransformer();
        using var table = new TransitionTable(state.RealPool.Layout, state.RealPool.ToRows());
        Transitions = table.ToDataView(columns);
    }

    /// <summary>Real environment steps so far, random ones included.</summary>
    public int Step => _state.Step;

    /// <summary>The policy as it stood.</summary>
    public PolicyTransformer Policy { get; }

    /// <summary>The real transitions so far, oldest first, logged ones included; the newest up to the pool's capacity.</summary>
    public DenseDataView Transitions { get; }

    /// <summary>The dynamics model as last fitted; it lives as long as the snapshot. The probabilistic ensemble's is an <see cref="IEnsembleDynamicsModel"/>.</summary>
    /// <exception cref="InvalidOperationException">No model was fitted yet, or none is.</exception>
    public IDynamicsModel Dynamics => _state.Dynamics.Model;

    /// <summary>Frees policy, model and data.</summary>
    public void Dispose()
    {
        Policy.Dispose();
        _state.Dispose();
    }
}
