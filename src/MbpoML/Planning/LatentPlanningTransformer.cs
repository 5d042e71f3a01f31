using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Policies;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>
/// A planner in the latent space as a policy and as an ML.NET transformer. The belief is a column, because a policy that remembers maps no row by itself.
/// It makes the belief now and the action to take from the frame, the action before and the belief before.
/// </summary>
/// <remarks>
/// Columns: <c>Observation</c>, vector&lt;float, channels · height · width&gt; with values 0 to 255, <c>PreviousAction</c>, vector&lt;float, m&gt;, and
/// <c>Belief</c>, vector&lt;float, b&gt;, are read; <c>Belief</c> and <c>Action</c> are added, and the new belief hides the one before. In the first row of an
/// episode belief and action before are zeros; each later row gets those of the row before it. Each row is planned from the same seed, so that equal rows give
/// equal actions. In an environment an actor (<see cref="NewActor"/>) carries belief and action on. Safe for concurrent use.
/// </remarks>
public sealed partial class LatentPlanningTransformer : ITransformer, IPolicy, IDisposable
{
    /// <summary>The name of the column with the action that led to the frame.</summary>
    public const string PreviousAction = "PreviousAction";

    /// <summary>The name of the columns with the belief before and after the frame.</summary>
    public const string Belief = "Belief";

    private readonly ComponentContext _context;
    private readonly LatentPlanningPolicy _policy;
    private readonly IDisposable? _owned;
    private readonly ITransformer _mapping;
    private bool _disposed;

    internal LatentPlanningTransformer(ComponentContext context, LatentPlanningPolicy policy, IDisposable? owned)
    {
        (_context, _policy, _owned) = (context, policy, owned);
        var input = Definition(typeof(BeliefRow), (TransitionColumns.DefaultObservation, ObservationSize), (PreviousAction, ActionSpace.Size),
            (Belief, BeliefSize));
        var output = Definition(typeof(PlannedRow), (Belief, BeliefSize), (TransitionColumns.DefaultAction, ActionSpace.Size));
        var schema = new DataViewSchema.Builder();
        foreach (var column in input) schema.AddColumn(column.ColumnName, column.ColumnType);
        InputSchema = schema.ToSchema();
        _mapping = context.ML.Transforms.CustomMapping<BeliefRow, PlannedRow>(Plan, contractName: null, input, output).Fit(NoRows());
    }

    /// <summary>What the planner reads: three columns. Pass it to Model.Save.</summary>
    public DataViewSchema InputSchema { get; }

    /// <inheritdoc/>
    public int ObservationSize => _policy.ObservationSize;

    /// <inheritdoc/>
    public BoxSpace ActionSpace => _policy.ActionSpace;

    /// <summary>b, the numbers of a belief.</summary>
    public int BeliefSize => Model.BeliefSize;

    /// <summary>The model that makes beliefs and imagines how they go on; it lives as long as this.</summary>
    public ILatentDynamicsModel Model => _policy.Model;

    /// <summary>True: the belief is a column, so that a PredictionEngine works.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The planner of a run of PlaNet, whose transformer takes each row for the first of an episode, with the belief as a column.</summary>
    /// <param name="policy">What <c>Train</c> of the trainer gave.</param>
    /// <returns>It shares the model; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The policy is no such planner.</exception>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    public static LatentPlanningTransformer Of(PolicyTransformer policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var (context, inner, reference) = policy.Share();
        if (inner is LatentPlanningPolicy planner) return new LatentPlanningTransformer(context, planner, reference);
        reference.Dispose();
        throw new ArgumentException("The policy has no belief, because another algorithm than PlaNet made it. Use its own transformer.", nameof(policy));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        CheckInput(inputSchema);
        return _mapping.GetOutputSchema(inputSchema);
    }

    /// <summary>Adds the columns; each row is planned when it is read.</summary>
    /// <param name="input">Any view with the three columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <exception cref="ObjectDisposedException">The planner was disposed.</exception>
    /// <exception cref="InvalidOperationException">When a row is read: it has another length, or a value that is not finite.</exception>
    /// <exception cref="LearningException">When a row is read: the belief, or every sequence that was imagined, left the range of numbers.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckInput(input.Schema);
        return _mapping.Transform(input);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        CheckInput(inputSchema);
        return _mapping.GetRowToRowMapper(inputSchema);
    }

    /// <summary>The first action of a plan from each row, taken for the first frame of an episode.</summary>
    /// <inheritdoc/>
    /// <exception cref="LearningException">The belief, or every sequence that was imagined, left the range of numbers.</exception>
    public Tensor Act(Tensor observation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _policy.Act(observation);
    }

    /// <summary>The same with draws of the generator and the noise of the exploration.</summary>
    /// <inheritdoc/>
    /// <exception cref="LearningException">The belief, or every sequence that was imagined, left the range of numbers.</exception>
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

    /// <summary>Frees the model where nobody else uses it.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _owned?.Dispose();
    }

    private IDataView NoRows() => _context.ML.Data.LoadFromEnumerable(
        Array.Empty<BeliefRow>(), Definition(typeof(BeliefRow), [.. InputSchema.Select(column => (column.Name, ((VectorDataViewType)column.Type).Size))]));

    private void Plan(BeliefRow row, PlannedRow planned)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckRow(row.Observation, TransitionColumns.DefaultObservation, ObservationSize);
        CheckRow(row.PreviousAction, PreviousAction, ActionSpace.Size);
        CheckRow(row.Belief, Belief, BeliefSize);
        using var threads = TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        using var generator = _policy.NewGenerator();
        var belief = _policy.Believe(Row(row.Belief).to(Model.Device), Row(row.PreviousAction), Row(row.Observation), generator);
        var (action, _) = _policy.Planner.Plan(belief, generator);
        (planned.Belief, planned.Action) = (belief.cpu().Floats().ToArray(), action.cpu().Floats().ToArray());

        // Products round by where their operands lie.
        static Tensor Row(float[] values) => TensorMemory.Aligned(values).unsqueeze(0);
    }

    private void CheckInput(DataViewSchema schema)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(schema, "inputSchema");
        foreach (var needed in InputSchema)
        {
            var column = schema.GetColumnOrNull(needed.Name)
                ?? throw new ArgumentOutOfRangeException(nameof(schema), $"Could not find input column '{needed.Name}'");
            if (!column.Type.Equals(needed.Type))
                throw new ArgumentOutOfRangeException(
                    nameof(schema), $"Column '{needed.Name}' must be of type {needed.Type}, but it is {column.Type}.");
        }
    }

    private static void CheckRow(float[] values, string name, int size)
    {
        if (values.Length != size)
            throw new InvalidOperationException(Invariant($"A row has {values.Length} numbers in '{name}', but {size} are needed."));
        for (var index = 0; index < values.Length; index++)
            if (!float.IsFinite(values[index]))
                throw new InvalidOperationException(Invariant($"{name}[{index}] is {values[index]}, but must be a finite number."));
    }

    private static SchemaDefinition Definition(Type type, params ReadOnlySpan<(string Name, int Size)> columns)
    {
        var definition = SchemaDefinition.Create(type);
        foreach (var (name, size) in columns) definition[name].ColumnType = new VectorDataViewType(NumberDataViewType.Single, size);
        return definition;
    }

    private sealed class BeliefRow
    {
        public float[] Observation { get; set; } = [];

        public float[] PreviousAction { get; set; } = [];

        public float[] Belief { get; set; } = [];
    }

    private sealed class PlannedRow
    {
        public float[] Belief { get; set; } = [];

        public float[] Action { get; set; } = [];
    }
}
