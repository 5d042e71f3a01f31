using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>
/// A planner as a policy and as an ML.NET transformer: reads an observation column, and adds the first action of the plan and what the model promises along it.
/// </summary>
/// <remarks>
/// Columns: <c>Observation</c>, vector&lt;float, n&gt;, is read; <c>Action</c>, vector&lt;float, m&gt;, and <c>PlannedReturn</c>, float, are added. Each row is
/// planned by itself, from the same seed, so that equal rows get equal actions wherever they stand. In an environment an actor (<see cref="NewActor"/>) carries
/// its plan on from step to step. Safe for concurrent use. The model stays the caller's, unless the planner was loaded from a file.
/// </remarks>
public sealed partial class PlanningTransformer : ITransformer, IPolicy, IDisposable
{
    /// <summary>The name of the column with the promised return.</summary>
    public const string PlannedReturn = "PlannedReturn";

    private readonly PlanningPolicy _policy;
    private readonly ITransformer _mapping;
    private readonly IDisposable? _owned;
    private bool _disposed;

    internal PlanningTransformer(ComponentContext context, PlanningPolicy policy, IDisposable? owned = null)
    {
        (_policy, _owned) = (policy, owned);
        var ml = context.ML;
        var input = SchemaDefinition.Create(typeof(ObservationRow));
        input[0].ColumnName = TransitionColumns.DefaultObservation;
        input[0].ColumnType = new VectorDataViewType(NumberDataViewType.Single, ObservationSize);
        var output = SchemaDefinition.Create(typeof(PlannedRow));
        output[nameof(PlannedRow.Action)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, ActionSpace.Size);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(TransitionColumns.DefaultObservation, input[0].ColumnType);
        InputSchema = schema.ToSchema();
        _mapping = ml.Transforms.CustomMapping<ObservationRow, PlannedRow>(Plan, contractName: null, input, output)
            .Fit(ml.Data.LoadFromEnumerable(Array.Empty<ObservationRow>(), input));
    }

    /// <summary>What the planner reads: one column, vector&lt;float, n&gt;.</summary>
    public DataViewSchema InputSchema { get; }

    /// <inheritdoc/>
    public int ObservationSize => _policy.ObservationSize;

    /// <inheritdoc/>
    public BoxSpace ActionSpace => _policy.ActionSpace;

    /// <summary>True: each row is planned by itself, so that a PredictionEngine works.</summary>
    public bool IsRowToRowMapper => true;

    internal PlanningPolicy Policy => _policy;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The observation column is missing or is not vector&lt;float, n&gt;.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        CheckInput(inputSchema);
        return _mapping.GetOutputSchema(inputSchema);
    }

    /// <summary>Adds the columns; each row is planned when it is read.</summary>
    /// <param name="input">Any view with the observation column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The observation column is missing or is not vector&lt;float, n&gt;.</exception>
    /// <exception cref="ObjectDisposedException">The planner was disposed.</exception>
    /// <exception cref="InvalidOperationException">When a row is read: it has another length, or a value that is not finite.</exception>
    /// <exception cref="LearningException">When a row is read: every sequence that was imagined left the range of numbers.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckInput(input.Schema);
        return _mapping.Transform(input);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The observation column is missing or is not vector&lt;float, n&gt;.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        CheckInput(inputSchema);
        return _mapping.GetRowToRowMapper(inputSchema);
    }

    /// <summary>Plans from many starts in one call.</summary>
    /// <param name="observation">The observations, float32 [rows, observation], in the environment's units.</param>
    /// <param name="generator">The generator of all random numbers; null: always the same.</param>
    /// <returns>The first actions [rows, action], and what the model promises along the plans, [rows]; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The tensor is not float32 [rows, observation], or a value is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The planner, the tensor or the generator was disposed.</exception>
    /// <exception cref="LearningException">Every sequence that was imagined left the range of numbers.</exception>
    /// <exception cref="InvalidOperationException">There is no model yet, or one of the functions returned null or a tensor of the wrong form.</exception>
    public (Tensor Action, Tensor PlannedReturn) Plan(Tensor observation, Generator? generator = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (generator is not null) return _policy.Plan(observation, generator);
        using var own = _policy.NewGenerator();
        return _policy.Plan(observation, own);
    }

    /// <summary>The first action of a plan from each row.</summary>
    /// <inheritdoc/>
    /// <exception cref="LearningException">Every sequence that was imagined left the range of numbers.</exception>
    public Tensor Act(Tensor observation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _policy.Act(observation);
    }

    /// <summary>The first action of a plan from each row, whose search draws from the generator.</summary>
    /// <inheritdoc/>
    /// <exception cref="LearningException">Every sequence that was imagined left the range of numbers.</exception>
    public Tensor Sample(Tensor observation, Generator generator)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _policy.Sample(observation, generator);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The planner was disposed.</exception>
    public IActor NewActor()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _policy.NewActor();
    }

    /// <summary>Not supported: a planner is its model and functions of code.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException(
            "A planner is no ML.NET model of its own, because reward and termination are code: save the transitions and fit its model again, or make a " +
                "network of it by rl.Policies.Distill.");

    /// <summary>Frees what belongs to the planner: the model where it was loaded from a file.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _owned?.Dispose();
    }

    private void Plan(ObservationRow row, PlannedRow planned)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (row.Observation.Length != ObservationSize)
            throw new InvalidOperationException(
                Invariant($"A row has {row.Observation.Length} numbers in '{TransitionColumns.DefaultObservation}', but {ObservationSize} are needed."));
        for (var index = 0; index < row.Observation.Length; index++)
            if (!float.IsFinite(row.Observation[index]))
                throw new InvalidOperationException(
                    Invariant($"{TransitionColumns.DefaultObservation}[{index}] is {row.Observation[index]}, but must be a finite number."));
        using var threads = TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        using var generator = _policy.NewGenerator();
        var (action, value) = _policy.Plan(tensor(row.Observation, 1, ObservationSize), generator);
        (planned.Action, planned.PlannedReturn) = (action.Floats().ToArray(), value.item<float>());
    }

    private void CheckInput(DataViewSchema schema)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        // The same errors as those of a network.
        _ = new PolicySchema(schema, TransitionColumns.DefaultObservation, ObservationSize, TransitionColumns.DefaultAction, ActionSpace.Size);
    }

    private sealed class ObservationRow
    {
        public float[] Observation { get; set; } = [];
    }

    private sealed class PlannedRow
    {
        public float[] Action { get; set; } = [];

        public float PlannedReturn { get; set; }
    }
}
