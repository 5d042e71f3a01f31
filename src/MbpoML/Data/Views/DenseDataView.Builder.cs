using MbpoML.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Data.Views;

public sealed partial class DenseDataView
{
    /// <summary>Puts a <see cref="DenseDataView"/> together, column by column. The arrays given are shared, not copied: leave them alone afterwards.</summary>
    public sealed class Builder
    {
        private readonly List<DenseColumn> _columns = [];

        /// <summary>Adds a column of vectors: vector&lt;float, <paramref name="width"/>&gt;.</summary>
        /// <param name="name">The column's name, not used by another column.</param>
        /// <param name="width">The values a row, at least 1.</param>
        /// <param name="values">The values, row by row, [rows, <paramref name="width"/>].</param>
        /// <param name="slotNames">A name for each of the values of a row ("velocity", "angle"), which ML.NET shows in its reports, or null.</param>
        /// <returns>This builder.</returns>
        /// <exception cref="ArgumentException">The name is taken, the values are no whole number of rows, or there are not as many slot names as values a
        /// row.</exception>
        public Builder AddVector(string name, int width, float[] values, IReadOnlyList<string>? slotNames = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            ArgumentNullException.ThrowIfNull(values);
            Check.AtLeast(1, width);
            if (values.Length % width != 0)
                throw new ArgumentException(
                    Invariant($"Column '{name}' has {values.Length} values, which is no multiple of its width {width}; give every row {width} values."),
                    nameof(values));
            if (slotNames is not null && slotNames.Count != width)
                throw new ArgumentException(
                    Invariant($"Column '{name}' has {slotNames.Count} slot names for {width} values a row; give one a value."), nameof(slotNames));
            if (slotNames is not null && slotNames.Contains(null))
                throw new ArgumentException($"A slot name of column '{name}' is null; give each value one.", nameof(slotNames));
            return Add(new DenseColumn<float>(
                name, new VectorDataViewType(NumberDataViewType.Single, width), width, values, slotNames is null ? null : SlotNames(slotNames)));
        }

        /// <summary>Adds a column of numbers: float.</summary>
        /// <param name="name">The column's name, not used by another column.</param>
        /// <param name="values">The values of the column, [rows].</param>
        /// <returns>This builder.</returns>
        /// <exception cref="ArgumentException">The name is empty or already given.</exception>
        public Builder AddScalar(string name, float[] values) => Add(name, NumberDataViewType.Single, values);

        /// <summary>Adds a column of flags: bool.</summary>
        /// <param name="name">The column's name, not used by another column.</param>
        /// <param name="values">The values of the column, [rows].</param>
        /// <returns>This builder.</returns>
        /// <exception cref="ArgumentException">The name is empty or already given.</exception>
        public Builder AddBoolean(string name, bool[] values) => Add(name, BooleanDataViewType.Instance, values);

        /// <summary>Adds a column of whole numbers: int.</summary>
        /// <param name="name">The column's name, not used by another column.</param>
        /// <param name="values">The values of the column, [rows].</param>
        /// <returns>This builder.</returns>
        /// <exception cref="ArgumentException">The name is empty or already given.</exception>
        public Builder AddInt32(string name, int[] values) => Add(name, NumberDataViewType.Int32, values);

        /// <summary>Adds a column of numbers of twice the precision, such as times: double.</summary>
        /// <param name="name">The column's name, not used by another column.</param>
        /// <param name="values">The values of the column, [rows].</param>
        /// <returns>This builder.</returns>
        /// <exception cref="ArgumentException">The name is empty or already given.</exception>
        public Builder AddDouble(string name, double[] values) => Add(name, NumberDataViewType.Double, values);

        /// <summary>Adds a column of dates and times.</summary>
        /// <param name="name">The column's name, not used by another column.</param>
        /// <param name="values">The values of the column, [rows].</param>
        /// <returns>This builder.</returns>
        /// <exception cref="ArgumentException">The name is empty or already given.</exception>
        public Builder AddDateTime(string name, DateTime[] values) => Add(name, DateTimeDataViewType.Instance, values);

        /// <summary>Adds a column of texts.</summary>
        /// <param name="name">The column's name, not used by another column.</param>
        /// <param name="values">The values of the column, [rows].</param>
        /// <returns>This builder.</returns>
        /// <exception cref="ArgumentException">The name is empty or already given.</exception>
        public Builder AddText(string name, ReadOnlyMemory<char>[] values) => Add(name, TextDataViewType.Instance, values);

        /// <summary>Makes the view.</summary>
        /// <exception cref="InvalidOperationException">There is no column, or the columns differ in their number of rows.</exception>
        public DenseDataView Build()
        {
            if (_columns.Count == 0) throw new InvalidOperationException("A view needs at least one column; add it before Build.");
            var (first, other) = (_columns[0], _columns.Find(column => column.Capacity != _columns[0].Capacity));
            return other is null
                ? new DenseDataView([.. _columns], first.Capacity)
                : throw new InvalidOperationException(
                    Invariant($"Column '{first.Name}' has {first.Capacity} rows, but column '{other.Name}' has {other.Capacity}; give all columns the same ") +
                        "number.");
        }

        private Builder Add<T>(string name, DataViewType type, T[] values)
            where T : struct
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            ArgumentNullException.ThrowIfNull(values);
            return Add(new DenseColumn<T>(name, type, 1, values));
        }

        private Builder Add(DenseColumn column)
        {
            if (_columns.Exists(other => other.Name == column.Name))
                throw new ArgumentException($"There is already a column '{column.Name}'; give each column a name of its own.");
            _columns.Add(column);
            return this;
        }

        // "SlotNames" is the annotation that ML.NET's public GetSlotNames reads.
        private static DataViewSchema.Annotations SlotNames(IReadOnlyList<string> names)
        {
            var texts = names.Select(name => name.AsMemory()).ToArray();
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, texts.Length),
                (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(texts.Length, texts));
            return annotations.ToAnnotations();
        }
    }
}
