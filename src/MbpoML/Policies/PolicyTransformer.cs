using MbpoML.Data;
using MbpoML.Environments;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>A fitted policy.</summary>
public sealed class PolicyTransformer : ITransformer, IPolicy, IDisposable
{
    private readonly ActorParameters _actor;
    private readonly Tensor _flat;
    private readonly NetworkShape _shape;
    private readonly ActionScaling _scaling;

    internal PolicyTransformer(ComponentContext context, ActorParameters actor, Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _actor = actor;
        _scaling = new ActionScaling(actor.ActionSpace, CPU);
        _shape = new NetworkShape(actor.ObservationSize, [.. actor.Biases.SkipLast(1).Select(bias => bias.Length)], actor.Biases[^1].Length);
        _flat = tensor(actor.Weights.Zip(actor.Biases).SelectMany(layer => layer.First.Concat(layer.Second)).ToArray()).unsqueeze(0).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public int ObservationSize => _actor.ObservationSize;

    /// <inheritdoc/>
    public BoxSpace ActionSpace => _actor.ActionSpace;

    bool ITransformer.IsRowToRowMapper => false;

    /// <inheritdoc/>
    public Tensor Act(Tensor observation)
    {
        using var scope = NewDisposeScope();
        return _scaling.Unscale(SquashedGaussian.Mode(_shape.Forward(_flat, observation.unsqueeze(0)).squeeze(0))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Sample(Tensor observation, Generator generator) => Act(observation);

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => input;

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException();

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new InvalidOperationException();

    /// <inheritdoc/>
    public void Dispose()
    {
        _flat.Dispose();
        _scaling.Dispose();
    }

    /// <summary>How a policy reads and writes a data view.</summary>
    public sealed class Options
    {
        /// <summary>The column read.</summary>
        public string ObservationColumnName { get; set; } = TransitionColumns.DefaultObservation;

        /// <summary>The column added.</summary>
        public string ActionColumnName { get; set; } = TransitionColumns.DefaultAction;
    }
}
